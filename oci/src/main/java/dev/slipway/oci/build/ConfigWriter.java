package dev.slipway.oci.build;

import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageConfig.Execution;
import dev.slipway.oci.Platform;
import dev.slipway.oci.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes an image's config. What a base image says stays unless it is said anew: variables and labels one by one, the rest
 * as a whole; a new entrypoint drops the base's arguments, which were meant for another program.
 */
record ConfigWriter(Platform platform, Execution execution, Instant created, Optional<ImageConfig> base) {
    byte[] write(List<BuiltLayer> layers, int ofBase) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("created", created.toString());
        json.put("architecture", platform.architecture());
        platform.variant().ifPresent(variant -> json.put("variant", variant));
        json.put("os", platform.os());
        Optional<JsonObject> before =
                base.map(config -> JsonObject.parse(config.bytes(), "the config of the base", ImageConfig.MAX_SIZE));
        before.ifPresent(fields -> fields.fields().forEach(json::putIfAbsent));
        json.put("config", config(before.flatMap(fields -> fields.object("config"))));
        Map<String, Object> rootfs = new TreeMap<>();
        rootfs.put("type", "layers");
        rootfs.put(
                "diff_ids",
                layers.stream().map(layer -> layer.diffId().toString()).toList());
        json.put("rootfs", rootfs);
        json.put("history", history(before, layers, ofBase));
        return JsonObject.write(json);
    }

    private List<Object> history(Optional<JsonObject> before, List<BuiltLayer> layers, int ofBase) {
        List<Object> history = new ArrayList<>();
        List<JsonObject> earlier =
                before.map(fields -> fields.objects("history")).orElse(List.of());
        if (earlier.isEmpty()) {
            // Readers expect an entry for each layer.
            for (int i = 0; i < ofBase; i++) {
                history.add(entry("a layer of the base image"));
            }
        }
        earlier.forEach(one -> history.add(one.fields()));
        layers.subList(ofBase, layers.size()).forEach(layer -> history.add(entry(layer.createdBy())));
        return history;
    }

    private Map<String, Object> entry(String createdBy) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("created", created.toString());
        entry.put("created_by", createdBy);
        return entry;
    }

    private Map<String, Object> config(Optional<JsonObject> before) {
        Execution earlier = base.map(ImageConfig::execution).orElseGet(Execution::none);
        Map<String, Object> json =
                new LinkedHashMap<>(before.map(JsonObject::fields).orElse(Map.of()));
        boolean newProgram = !execution.entrypoint().isEmpty();
        put(json, "User", or(execution.user(), earlier.user()));
        put(json, "Env", environment(earlier.environment(), execution.environment()));
        put(json, "Entrypoint", newProgram ? execution.entrypoint() : earlier.entrypoint());
        boolean newArguments = newProgram || !execution.command().isEmpty();
        put(json, "Cmd", newArguments ? execution.command() : earlier.command());
        put(json, "WorkingDir", or(execution.workingDirectory(), earlier.workingDirectory()));
        Map<String, String> labels = new TreeMap<>(earlier.labels());
        labels.putAll(execution.labels());
        put(json, "Labels", labels);
        return json;
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    /** The later value of a variable wins, in the earlier place. */
    private static List<String> environment(List<String> earlier, List<String> later) {
        Map<String, String> variables = new LinkedHashMap<>();
        List.of(earlier, later)
                .forEach(list ->
                        list.forEach(variable -> variables.put(variable.replaceFirst("(?s)=.*", ""), variable)));
        return List.copyOf(variables.values());
    }

    private static void put(Map<String, Object> json, String key, Object value) {
        if (value.equals("") || value.equals(List.of()) || value.equals(Map.of())) {
            json.remove(key);
        } else {
            json.put(key, value);
        }
    }
}
