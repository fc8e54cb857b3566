package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import dev.slipway.base.ErrorKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** JSON that the contract carries as text, read into plain values. */
final class JsonText {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            // 0.1 stays 0.1, which the limits in a schema depend on.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private JsonText() {}

    /** Objects of an array; a blank text is an empty array. */
    static List<Map<String, Object>> objects(String field, String text) {
        if (text.isBlank()) {
            return List.of();
        }
        if (!(value(field, text) instanceof List<?> items)) {
            throw wrong(field, "is not a JSON array", null);
        }
        List<Map<String, Object>> objects = new ArrayList<>();
        for (Object item : items) {
            objects.add(fields(field + "[" + objects.size() + "]", item));
        }
        return objects;
    }

    /** Fields of an object, those that are null left out; a blank text is an empty object. */
    static Map<String, Object> object(String field, String text) {
        if (text.isBlank()) {
            return Map.of();
        }
        Map<String, Object> fields = fields(field, value(field, text));
        fields.values().removeIf(Objects::isNull);
        return fields;
    }

    /** Any JSON value; null becomes the empty text. */
    static Object value(String field, String text) {
        try {
            Object value = MAPPER.readValue(text, Object.class);
            return value == null ? "" : value;
        } catch (JacksonException e) {
            throw wrong(field, "is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** A plain value as JSON text. */
    static String write(Object value) {
        return MAPPER.writeValueAsString(value);
    }

    private static Map<String, Object> fields(String field, Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw wrong(field, "is not a JSON object", null);
        }
        Map<String, Object> fields = new LinkedHashMap<>();
        map.forEach((key, item) -> fields.put(String.valueOf(key), item));
        return fields;
    }

    private static BackendException wrong(String field, String problem, @Nullable Throwable cause) {
        return new BackendException(
                "backend.invalid-request",
                ErrorKind.INVALID,
                field + " " + problem + ".",
                "Send it as JSON text.",
                cause);
    }
}
