package dev.slipway.model.huggingface;

import dev.slipway.model.ModelException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * {@code model.safetensors.index.json}: which file holds which tensor.
 *
 * @param files by tensor name
 */
public record ShardIndex(Path source, Map<String, String> files) {
    public ShardIndex {
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /** The file's name. */
    public static final String FILE = "model.safetensors.index.json";

    /** Longest index: ten times that of a model of a thousand billion weights. */
    private static final int MAX_BYTES = 64 << 20;

    /** Most files of one model. */
    private static final int MAX_FILES = 2048;

    /** A plain file name: nothing that leads out of the folder. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}[.]safetensors");

    /** Reads an index that exists. */
    public static ShardIndex read(Path source) {
        JsonNode map = JsonDocument.read(source, MAX_BYTES)
                .map(document -> document.path("weight_map"))
                .orElseThrow(() -> ModelException.corrupt(source, "it has gone"));
        if (!map.isObject() || map.isEmpty()) {
            throw ModelException.corrupt(source, "its 'weight_map' names no tensors");
        }
        Map<String, String> files = new LinkedHashMap<>();
        map.forEachEntry((tensor, file) -> {
            if (!file.isString() || !NAME.matcher(file.stringValue()).matches()) {
                throw ModelException.corrupt(
                        source, "the tensor '" + tensor + "' is said to be in " + file + ", which is no file name");
            }
            files.put(tensor, file.stringValue());
        });
        if (new TreeSet<>(files.values()).size() > MAX_FILES) {
            throw ModelException.corrupt(source, "it names more than " + MAX_FILES + " files");
        }
        return new ShardIndex(source, files);
    }

    /** The names of all files. */
    public Set<String> names() {
        return new TreeSet<>(files.values());
    }
}
