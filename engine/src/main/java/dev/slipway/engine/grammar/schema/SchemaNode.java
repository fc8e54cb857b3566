package dev.slipway.engine.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value within a schema, and where it stands.
 *
 * @param value a plain JSON value
 * @param pointer a JSON pointer as a fragment, {@code #} for the whole
 * @param document the schema that references in it are looked up in
 */
record SchemaNode(@Nullable Object value, String pointer, SchemaDocument document) {
    private static final int MOST_DIGITS = 60;
    private static final int MOST_PARTS = 500;

    SchemaNode child(String name, @Nullable Object child) {
        return new SchemaNode(child, pointer + "/" + name.replace("~", "~0").replace("/", "~1"), document);
    }

    /** A schema in the same place that demands several at once. */
    SchemaNode and(SchemaNode other) {
        if (equals(other)) {
            return this;
        }
        Map<String, @Nullable Object> both = new LinkedHashMap<>();
        List<@Nullable Object> parts = new ArrayList<>();
        addParts(value, parts);
        addParts(other.value, parts);
        if (parts.size() > MOST_PARTS) {
            throw SchemaFault.unsupported(pointer, "more than " + MOST_PARTS + " schemas for the same value");
        }
        both.put("allOf", parts);
        return new SchemaNode(both, pointer, document);
    }

    /** Adds a schema, or those that it consists of, so that they do not nest. */
    private static void addParts(@Nullable Object schema, List<@Nullable Object> parts) {
        if (schema instanceof Map<?, ?> map && map.size() == 1 && map.get("allOf") instanceof List<?> inner) {
            parts.addAll(inner);
        } else {
            parts.add(schema);
        }
    }

    /** Members of an object, in their order. */
    Map<String, SchemaNode> members() {
        if (!(value instanceof Map<?, ?> map)) {
            throw SchemaFault.invalid(pointer, "it is no object");
        }
        Map<String, SchemaNode> members = new LinkedHashMap<>();
        map.forEach((key, child) -> members.put(String.valueOf(key), child(String.valueOf(key), child)));
        return members;
    }

    /** Elements of an array. */
    List<SchemaNode> elements() {
        if (!(value instanceof List<?> list)) {
            throw SchemaFault.invalid(pointer, "it is no array");
        }
        List<SchemaNode> elements = new ArrayList<>();
        for (Object element : list) {
            elements.add(child(String.valueOf(elements.size()), element));
        }
        return elements;
    }

    String text() {
        if (!(value instanceof String text)) {
            throw SchemaFault.invalid(pointer, "it is no string");
        }
        return text;
    }

    List<String> texts() {
        return elements().stream().map(SchemaNode::text).toList();
    }

    boolean truth() {
        if (!(value instanceof Boolean truth)) {
            throw SchemaFault.invalid(pointer, "it is neither true nor false");
        }
        return truth;
    }

    boolean isFalse() {
        return Boolean.FALSE.equals(value);
    }

    boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }

    BigDecimal number() {
        if (!(value instanceof Number)) {
            throw SchemaFault.invalid(pointer, "it is no number");
        }
        return checked(JsonValues.decimal(value));
    }

    /** A number that can be reckoned with here. */
    BigDecimal checked(BigDecimal number) {
        if (number.precision() > MOST_DIGITS || Math.abs((long) number.scale()) > MOST_DIGITS) {
            throw SchemaFault.unsupported(pointer, "a number of more than " + MOST_DIGITS + " digits");
        }
        return number;
    }

    /** A count of something. */
    int count() {
        BigDecimal number = number().stripTrailingZeros();
        if (number.signum() < 0 || number.scale() > 0) {
            throw SchemaFault.invalid(pointer, "it is no whole number from 0 on");
        }
        return number.min(BigDecimal.valueOf(Integer.MAX_VALUE - 1)).intValueExact();
    }
}
