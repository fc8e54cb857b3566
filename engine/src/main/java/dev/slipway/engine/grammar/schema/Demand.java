package dev.slipway.engine.grammar.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a schema without any combination demands: types, values, and keywords that all have to be kept.
 *
 * @param types the allowed types
 * @param values the allowed values, or null for any
 * @param keywords the rest, by name
 * @param properties the members of an object that are named
 * @param prefix the elements of an array that have a place of their own
 * @param pointer where it stands
 */
record Demand(
        EnumSet<JsonType> types,
        @Nullable List<@Nullable Object> values,
        Map<String, SchemaNode> keywords,
        Map<String, SchemaNode> properties,
        List<SchemaNode> prefix,
        String pointer) {
    Optional<SchemaNode> keyword(String name) {
        return Optional.ofNullable(keywords.get(name));
    }

    /** The types to write: those that are allowed, and where nothing says so, those that the keywords speak about. */
    Set<JsonType> writtenTypes() {
        if (!types.equals(JsonType.all())) {
            return types;
        }
        EnumSet<JsonType> spoken = EnumSet.noneOf(JsonType.class);
        for (JsonType type : types) {
            if (type.keywords().stream().anyMatch(keywords::containsKey)) {
                spoken.add(type);
            }
        }
        return spoken.isEmpty() ? types : spoken;
    }

    /** What is said of an element of an array by its place, or null for nothing. */
    @Nullable
    SchemaNode element(int index) {
        return index < prefix.size() ? prefix.get(index) : keywords.get("items");
    }

    /** Whether one of the listed values keeps everything else; refuses what cannot be told. */
    boolean admits(@Nullable Object value) {
        if (!JsonType.has(types, value)) {
            return false;
        }
        for (Map.Entry<String, SchemaNode> entry : keywords.entrySet()) {
            if (!admits(entry.getKey(), entry.getValue(), value)) {
                return false;
            }
        }
        return true;
    }

    private static boolean admits(String keyword, SchemaNode limit, @Nullable Object value) {
        JsonType type = switch (value) {
            case String _ -> JsonType.STRING;
            case Number _ -> JsonType.NUMBER;
            case List<?> _ -> JsonType.ARRAY;
            case Map<?, ?> _ -> JsonType.OBJECT;
            case null -> JsonType.NULL;
            case Object _ -> JsonType.BOOLEAN;
        };
        if (!type.keywords().contains(keyword)) {
            return true;
        }
        return switch (value) {
            case String text when keyword.equals("minLength") -> text.codePointCount(0, text.length()) >= limit.count();
            case String text when keyword.equals("maxLength") -> text.codePointCount(0, text.length()) <= limit.count();
            case Number number -> admitsNumber(keyword, limit, JsonValues.decimal(number));
            case List<?> list when keyword.equals("minItems") -> list.size() >= limit.count();
            case List<?> list when keyword.equals("maxItems") -> list.size() <= limit.count();
            case null -> true;
            case Object _ -> throw SchemaFault.unsupported(limit.pointer(), keyword + " beside enum or const");
        };
    }

    private static boolean admitsNumber(String keyword, SchemaNode limit, BigDecimal value) {
        BigDecimal bound = limit.number();
        return switch (keyword) {
            case "minimum" -> value.compareTo(bound) >= 0;
            case "maximum" -> value.compareTo(bound) <= 0;
            case "exclusiveMinimum" -> value.compareTo(bound) > 0;
            case "exclusiveMaximum" -> value.compareTo(bound) < 0;
            default ->
                bound.signum() > 0 && limit.checked(value).remainder(bound).signum() == 0;
        };
    }

    /** What both demand; empty when that is nothing. */
    Optional<Demand> and(Demand other) {
        EnumSet<JsonType> bothTypes = JsonType.both(types, other.types);
        @Nullable List<@Nullable Object> bothValues = values == null ? other.values : values;
        if (values != null && other.values != null) {
            bothValues = new ArrayList<>();
            for (Object value : values) {
                if (other.values.stream().anyMatch(one -> JsonValues.same(one, value))) {
                    bothValues.add(value);
                }
            }
        }
        if (bothTypes.isEmpty() || (bothValues != null && bothValues.isEmpty())) {
            return Optional.empty();
        }
        Map<String, SchemaNode> merged = new LinkedHashMap<>(keywords);
        other.keywords.forEach(
                (name, node) -> merged.merge(name, node, (mine, theirs) -> Merging.both(name, mine, theirs)));
        return Optional.of(new Demand(
                bothTypes, bothValues, merged, Merging.properties(this, other), Merging.prefix(this, other), pointer));
    }
}
