package dev.slipway.model.huggingface;

import dev.slipway.base.ErrorKind;
import dev.slipway.model.Metadata.Value;
import dev.slipway.model.ModelException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Takes typed values out of a configuration and files them under GGUF's keys. */
final class ConfigValues {
    private final Path file;
    private final JsonNode config;
    private final String prefix;
    private final Map<String, Value> values = new LinkedHashMap<>();
    private final Map<String, String> storedKeys = new LinkedHashMap<>();

    /**
     * An empty collection.
     *
     * @param prefix what every key begins with: the architecture and a dot
     */
    ConfigValues(Path file, JsonNode config, String prefix) {
        this.file = file;
        this.config = config;
        this.prefix = prefix;
    }

    Map<String, Value> values() {
        return values;
    }

    /** GGUF key → what it is called in the configuration. */
    Map<String, String> storedKeys() {
        return storedKeys;
    }

    void put(String key, Value value, String storedKey) {
        values.put(prefix + key, value);
        storedKeys.put(prefix + key, storedKey);
    }

    /** Files a whole number that must be there. */
    void require(String key, String storedKey) {
        put(key, new Value.Whole(whole(config, storedKey).orElseThrow(() -> missing(storedKey))), storedKey);
    }

    /** Files a whole number if it is there. */
    void take(String key, String storedKey) {
        whole(config, storedKey).ifPresent(value -> put(key, new Value.Whole(value), storedKey));
    }

    /** A whole number; empty when absent or null. */
    OptionalLong whole(JsonNode in, String key) {
        JsonNode node = in.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return OptionalLong.empty();
        }
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw wrong(key, "a whole number", node);
        }
        return OptionalLong.of(node.longValue());
    }

    /** A number; empty when absent or null. */
    OptionalDouble real(JsonNode in, String key) {
        JsonNode node = in.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return OptionalDouble.empty();
        }
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong(key, "a number", node);
        }
        return OptionalDouble.of(node.doubleValue());
    }

    /** A text; empty when absent or null. */
    Optional<String> text(JsonNode in, String key) {
        JsonNode node = in.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isString()) {
            throw wrong(key, "a text", node);
        }
        return Optional.of(node.stringValue());
    }

    /** True or false; {@code otherwise} when absent or null. */
    boolean truth(String key, boolean otherwise) {
        JsonNode node = config.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return otherwise;
        }
        if (!node.isBoolean()) {
            throw wrong(key, "true or false", node);
        }
        return node.booleanValue();
    }

    /** An object; empty when absent or null. */
    Optional<JsonNode> object(String key) {
        JsonNode node = config.path(key);
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isObject()) {
            throw wrong(key, "an object", node);
        }
        return Optional.of(node);
    }

    ModelException missing(String key) {
        return wrong("the key '" + key + "' is missing");
    }

    ModelException wrong(String key, String expected, JsonNode found) {
        String text = found.toString();
        String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
        return wrong("'" + key + "' is " + shown + ", expected " + expected);
    }

    private ModelException wrong(String what) {
        return new ModelException(
                "model.wrong-config",
                ErrorKind.CORRUPT,
                "The model's configuration " + file + " cannot be used: " + what + ".",
                "Get the file from its source again.",
                null);
    }

    /** For what may be sound but cannot be run here. */
    ModelException unsupported(String what, String hint) {
        return ModelException.unsupported(file, what, hint);
    }
}
