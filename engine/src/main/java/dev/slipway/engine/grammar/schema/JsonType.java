package dev.slipway.engine.grammar.schema;

import java.math.BigDecimal;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The types of JSON Schema, and the keywords that speak about each. */
enum JsonType {
    STRING("minLength", "maxLength", "pattern", "format"),
    NUMBER("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    INTEGER,
    BOOLEAN,
    NULL,
    ARRAY("items", "prefixItems", "additionalItems", "unevaluatedItems", "minItems", "maxItems"),
    OBJECT(
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "unevaluatedProperties",
            "minProperties",
            "maxProperties");

    private final Set<String> keywords;

    JsonType(String... keywords) {
        this.keywords = Set.of(keywords);
    }

    Set<String> keywords() {
        return keywords;
    }

    static EnumSet<JsonType> all() {
        // Every integer is a number.
        return EnumSet.complementOf(EnumSet.of(INTEGER));
    }

    static JsonType named(SchemaNode name) {
        for (JsonType type : values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(name.text())) {
                return type;
            }
        }
        throw SchemaFault.invalid(name.pointer(), "there is no type '" + name.text() + "'");
    }

    /** The types that both sets allow. */
    static EnumSet<JsonType> both(Set<JsonType> a, Set<JsonType> b) {
        EnumSet<JsonType> both = EnumSet.noneOf(JsonType.class);
        both.addAll(a);
        both.retainAll(b);
        if ((a.contains(INTEGER) && b.contains(NUMBER)) || (a.contains(NUMBER) && b.contains(INTEGER))) {
            both.add(INTEGER);
        }
        if (both.contains(NUMBER)) {
            both.remove(INTEGER);
        }
        return both;
    }

    /** Whether a value is of one of these types. */
    static boolean has(Set<JsonType> types, @Nullable Object value) {
        return switch (value) {
            case String _ -> types.contains(STRING);
            case Boolean _ -> types.contains(BOOLEAN);
            case List<?> _ -> types.contains(ARRAY);
            case Map<?, ?> _ -> types.contains(OBJECT);
            case Number number -> {
                BigDecimal decimal = JsonValues.decimal(number);
                boolean whole =
                        decimal.signum() == 0 || decimal.stripTrailingZeros().scale() <= 0;
                yield types.contains(NUMBER) || (types.contains(INTEGER) && whole);
            }
            case null -> types.contains(NULL);
            case Object _ -> false;
        };
    }
}
