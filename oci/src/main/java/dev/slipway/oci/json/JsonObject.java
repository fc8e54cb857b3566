package dev.slipway.oci.json;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * One object of a foreign JSON document, read field by field.
 *
 * <p>A field of the wrong type, a repeated key or too deep a nesting is refused with {@code oci.invalid-document}.
 */
public final class JsonObject {
    private static final int MAX_DEPTH = 64;
    private static final String LIST = "the array";
    private static final JsonMapper MAPPER = mapper();

    private final String what;
    private final Map<?, ?> fields;

    private JsonObject(String what, Map<?, ?> fields) {
        this.what = what;
        this.fields = fields;
    }

    private static JsonMapper mapper() {
        StreamReadConstraints limits = StreamReadConstraints.builder()
                .maxNestingDepth(MAX_DEPTH)
                .maxStringLength(16 << 20)
                .maxNameLength(1 << 16)
                .build();
        JsonFactory factory =
                JsonFactory.builder().streamReadConstraints(limits).build();
        return JsonMapper.builder(factory)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
    }

    /**
     * Parses a document.
     *
     * @param what what the document is, for messages, such as {@code "the manifest of alpine:3"}
     * @param limit a longer document is refused with {@code oci.document-too-large}
     */
    public static JsonObject parse(byte[] bytes, String what, ByteSize limit) {
        requireSize(bytes, what, limit);
        try {
            Map<?, ?> fields = MAPPER.readValue(bytes, Map.class);
            if (fields == null) {
                throw noObject(what, "it is null", null);
            }
            return new JsonObject(what, fields);
        } catch (JacksonException e) {
            throw noObject(what, e.getOriginalMessage(), e);
        }
    }

    /**
     * Parses a document that is an array of objects.
     *
     * @param what what the document is, for messages
     * @param limit a longer document is refused with {@code oci.document-too-large}
     */
    public static List<JsonObject> parseList(byte[] bytes, String what, ByteSize limit) {
        requireSize(bytes, what, limit);
        try {
            List<?> items = MAPPER.readValue(bytes, List.class);
            if (items == null) {
                throw noObject(what, "it is null", null);
            }
            return new JsonObject(what, Map.of(LIST, items)).objects(LIST);
        } catch (JacksonException e) {
            throw noObject(what, e.getOriginalMessage(), e);
        }
    }

    private static void requireSize(byte[] bytes, String what, ByteSize limit) {
        if (bytes.length > limit.bytes()) {
            throw OciException.invalid(
                    "oci.document-too-large",
                    "Reading " + what + " was refused: " + new ByteSize(bytes.length) + " is more than the " + limit
                            + " allowed.");
        }
    }

    private static OciException noObject(String what, String why, @Nullable JacksonException cause) {
        return new OciException(
                "oci.invalid-document",
                ErrorKind.CORRUPT,
                "Reading " + what + " failed: it is not a JSON object (" + why + ").",
                "",
                cause);
    }

    /** The fields as they came, unknown ones too; for writing a document anew with some of them changed. */
    public Map<String, Object> fields() {
        Map<String, Object> copy = new LinkedHashMap<>();
        fields.forEach((key, value) -> copy.put((String) key, value));
        return copy;
    }

    /** The names of all fields. */
    public Set<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        fields.keySet().forEach(key -> keys.add(String.valueOf(key)));
        return keys;
    }

    public boolean has(String key) {
        return fields.get(key) != null;
    }

    public Optional<String> string(String key) {
        return Optional.ofNullable(typed(key, String.class));
    }

    public String requireString(String key) {
        return string(key).orElseThrow(() -> invalid("'" + key + "' is missing"));
    }

    public OptionalLong number(String key) {
        Number number = typed(key, Number.class);
        return switch (number) {
            case null -> OptionalLong.empty();
            case Integer value -> OptionalLong.of(value);
            case Long value -> OptionalLong.of(value);
            default -> throw invalid("'" + key + "' is not a whole number in range");
        };
    }

    public Optional<JsonObject> object(String key) {
        Map<?, ?> value = typed(key, Map.class);
        return value == null ? Optional.empty() : Optional.of(new JsonObject(what, value));
    }

    /** The objects of an array; empty when it is absent. */
    public List<JsonObject> objects(String key) {
        List<JsonObject> objects = new ArrayList<>();
        for (Object item : list(key)) {
            if (!(item instanceof Map<?, ?> map)) {
                throw invalid("'" + key + "' holds something that is not an object");
            }
            objects.add(new JsonObject(what, map));
        }
        return List.copyOf(objects);
    }

    /** The strings of an array; empty when it is absent. */
    public List<String> strings(String key) {
        List<String> strings = new ArrayList<>();
        for (Object item : list(key)) {
            if (!(item instanceof String text)) {
                throw invalid("'" + key + "' holds something that is not a string");
            }
            strings.add(text);
        }
        return List.copyOf(strings);
    }

    /** An object whose values are all strings; empty when it is absent. */
    public Map<String, String> stringMap(String key) {
        Map<?, ?> value = typed(key, Map.class);
        Map<String, String> result = new LinkedHashMap<>();
        if (value != null) {
            value.forEach((name, text) -> {
                if (!(text instanceof String)) {
                    throw invalid("'" + key + "' holds something that is not a string");
                }
                result.put((String) name, (String) text);
            });
        }
        return result;
    }

    /** The objects at any depth below this one that have a key. */
    public List<JsonObject> nestedWith(String key) {
        List<JsonObject> found = new ArrayList<>();
        collect(fields, key, found);
        return List.copyOf(found);
    }

    private void collect(Object value, String key, List<JsonObject> found) {
        if (value instanceof Map<?, ?> map) {
            if (map != fields && map.get(key) != null) {
                found.add(new JsonObject(what, map));
            }
            map.values().forEach(child -> collect(child, key, found));
        } else if (value instanceof List<?> list) {
            list.forEach(child -> collect(child, key, found));
        }
    }

    private List<?> list(String key) {
        List<?> value = typed(key, List.class);
        return value == null ? List.of() : value;
    }

    private <T> @Nullable T typed(String key, Class<T> type) {
        Object value = fields.get(key);
        if (value != null && !type.isInstance(value)) {
            throw invalid("'" + key + "' has the wrong type");
        }
        return type.cast(value);
    }

    /** An error about this document. */
    public OciException invalid(String why) {
        return new OciException(
                "oci.invalid-document", ErrorKind.CORRUPT, "Reading " + what + " failed: " + why + ".", "", null);
    }

    /** Writes a document of maps, lists, strings, numbers and booleans, keys in the order of the maps. */
    public static byte[] write(Map<String, ?> document) {
        return MAPPER.writeValueAsBytes(document);
    }

    /** Writes an array of what {@link #write} writes. */
    public static byte[] writeList(List<? extends Map<String, ?>> documents) {
        return MAPPER.writeValueAsBytes(documents);
    }
}
