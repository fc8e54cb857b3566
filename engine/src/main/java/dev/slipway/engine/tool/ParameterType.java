package dev.slipway.engine.tool;

import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * What a JSON schema allows a value to be; turns text without quotes into JSON of such a type.
 *
 * <p>Null wins where it is allowed and the text says so; after that the first type that the text fits, in the order of
 * the schema. Text that fits none stays a string: whoever validates the call will say what is wrong with it.
 */
final class ParameterType {
    private static final int MAX_DEPTH = 16;
    private static final String STRING = "string";
    private static final String NULL = "null";

    private final SequencedSet<String> types;

    private ParameterType(SequencedSet<String> types) {
        this.types = types;
    }

    /**
     * The type of one parameter.
     *
     * @param schema its schema
     * @param root the schema that references in it point into
     */
    static ParameterType of(Object schema, Map<?, ?> root) {
        SequencedSet<String> types = new LinkedHashSet<>();
        collect(schema, root, types, 0);
        return new ParameterType(types);
    }

    private static void collect(@Nullable Object schema, Map<?, ?> root, SequencedSet<String> types, int depth) {
        if (depth > MAX_DEPTH || !(schema instanceof Map<?, ?> map)) {
            return;
        }
        if (map.get("nullable") instanceof Boolean nullable && nullable) {
            types.add(NULL);
        }
        if (map.get("type") instanceof String type) {
            types.add(type);
            return;
        }
        if (map.get("type") instanceof List<?> several) {
            several.forEach(type -> types.add(String.valueOf(type)));
            return;
        }
        if (map.get("enum") instanceof List<?> values) {
            values.forEach(value -> types.add(typeOf(value)));
            return;
        }
        if (map.containsKey("const")) {
            types.add(typeOf(map.get("const")));
            return;
        }
        if (map.get("$ref") instanceof String reference) {
            collect(target(reference, root), root, types, depth + 1);
            return;
        }
        for (String combined : List.of("anyOf", "oneOf", "allOf")) {
            if (map.get(combined) instanceof List<?> branches) {
                branches.forEach(branch -> collect(branch, root, types, depth + 1));
            }
        }
    }

    private static @Nullable Object target(String reference, Map<?, ?> root) {
        if (!reference.startsWith("#/")) {
            return null;
        }
        Object at = root;
        for (String step : reference.substring(2).split("/", MAX_DEPTH)) {
            at = at instanceof Map<?, ?> map ? map.get(step) : null;
        }
        return at;
    }

    private static String typeOf(@Nullable Object value) {
        return switch (value) {
            case null -> NULL;
            case String text -> STRING;
            case Boolean flag -> "boolean";
            case Number number -> "number";
            case List<?> list -> "array";
            default -> "object";
        };
    }

    /** Whether every text is a string here, so that it can be passed on while it arrives. */
    boolean isText() {
        return types.size() == 1 && types.getFirst().equals(STRING);
    }

    /** The text as JSON. */
    String json(String text) {
        if (types.isEmpty()) {
            return guessed(text);
        }
        if (types.contains(NULL) && isNull(text.strip())) {
            return NULL;
        }
        for (String type : types) {
            Optional<String> fitting = as(type, text);
            if (fitting.isPresent()) {
                return fitting.get();
            }
        }
        return JsonStrings.quote(text);
    }

    /** JSON where the text is JSON, else a string; for parameters that no schema describes. */
    static String guessed(String text) {
        String stripped = text.strip();
        return JsonStrings.isValue(stripped) ? stripped : JsonStrings.quote(text);
    }

    private static Optional<String> as(String type, String text) {
        String stripped = text.strip();
        return switch (type) {
            case STRING -> Optional.of(JsonStrings.quote(text));
            case "number" -> Optional.of(stripped).filter(JsonScanner::isNumber);
            case "integer" -> Optional.of(stripped).filter(ParameterType::isWhole);
            case "boolean" ->
                Optional.of(stripped.toLowerCase(Locale.ROOT))
                        .filter(word -> word.equals("true") || word.equals("false"));
            case "object" -> json(stripped, '{');
            case "array" -> json(stripped, '[');
            default -> Optional.empty();
        };
    }

    private static Optional<String> json(String text, char first) {
        return Optional.of(text).filter(value -> value.indexOf(first) == 0 && JsonStrings.isValue(value));
    }

    private static boolean isWhole(String text) {
        if (!JsonScanner.isNumber(text)) {
            return false;
        }
        // An exponent can hide a number of a billion digits; no model means one.
        return text.length() <= 64
                && text.indexOf('e') < 0
                && text.indexOf('E') < 0
                && new BigDecimal(text).stripTrailingZeros().scale() <= 0;
    }

    private static boolean isNull(String text) {
        return text.equals("null") || text.equals("None");
    }
}
