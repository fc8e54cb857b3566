package dev.slipway.engine.grammar.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Two schemas at once, keyword by keyword. */
final class Merging {
    private Merging() {}

    /** One keyword that both have. */
    static SchemaNode both(String name, SchemaNode mine, SchemaNode theirs) {
        return switch (name) {
            case "minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum" ->
                mine.number().compareTo(theirs.number()) >= 0 ? mine : theirs;
            case "maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum" ->
                mine.number().compareTo(theirs.number()) <= 0 ? mine : theirs;
            case "required" -> {
                Set<String> names = new LinkedHashSet<>(mine.texts());
                names.addAll(theirs.texts());
                yield new SchemaNode(List.copyOf(names), mine.pointer(), mine.document());
            }
            case "multipleOf" -> multiple(mine, theirs);
            case "propertyNames", "additionalProperties", "items" ->
                mine.isFalse() ? mine : theirs.isFalse() ? theirs : mine.and(theirs);
            case "properties", "prefixItems" -> mine;
            default -> {
                if (!JsonValues.same(mine.value(), theirs.value())) {
                    throw SchemaFault.unsupported(
                            theirs.pointer(), "a second " + name + " beside the one at " + mine.pointer());
                }
                yield mine;
            }
        };
    }

    private static SchemaNode multiple(SchemaNode mine, SchemaNode theirs) {
        BigDecimal a = mine.number();
        BigDecimal b = theirs.number();
        int scale = Math.max(0, Math.max(a.scale(), b.scale()));
        BigInteger left = a.movePointRight(scale).toBigInteger();
        BigInteger right = b.movePointRight(scale).toBigInteger();
        if (left.signum() <= 0 || right.signum() <= 0) {
            throw SchemaFault.invalid(theirs.pointer(), "a multiple of what is not above 0");
        }
        BigInteger common = left.divide(left.gcd(right)).multiply(right);
        return new SchemaNode(new BigDecimal(common, scale), mine.pointer(), mine.document());
    }

    /** The properties that either names, and what both say of them. */
    static Map<String, SchemaNode> properties(Demand mine, Demand theirs) {
        SchemaNode patterns = mine.keywords()
                .getOrDefault("patternProperties", theirs.keywords().get("patternProperties"));
        if (patterns != null && speaksOfMembers(mine) && speaksOfMembers(theirs)) {
            throw SchemaFault.unsupported(patterns.pointer(), "patternProperties within allOf");
        }
        Set<String> names = new LinkedHashSet<>(mine.properties().keySet());
        names.addAll(theirs.properties().keySet());
        Map<String, SchemaNode> all = new LinkedHashMap<>();
        for (String name : names) {
            SchemaNode both = bothOrOne(
                    mine.properties().getOrDefault(name, mine.keywords().get("additionalProperties")),
                    theirs.properties().getOrDefault(name, theirs.keywords().get("additionalProperties")));
            if (both != null) {
                all.put(name, both);
            }
        }
        return all;
    }

    private static boolean speaksOfMembers(Demand demand) {
        return demand.keywords().containsKey("properties")
                || demand.keywords().containsKey("additionalProperties")
                || demand.keywords().containsKey("patternProperties");
    }

    /** The elements of arrays that either gives a place of their own. */
    static List<SchemaNode> prefix(Demand mine, Demand theirs) {
        List<SchemaNode> prefix = new ArrayList<>();
        for (int i = 0; i < Math.max(mine.prefix().size(), theirs.prefix().size()); i++) {
            SchemaNode both = bothOrOne(mine.element(i), theirs.element(i));
            if (both != null) {
                prefix.add(both);
            }
        }
        return prefix;
    }

    private static @Nullable SchemaNode bothOrOne(@Nullable SchemaNode mine, @Nullable SchemaNode theirs) {
        return mine == null ? theirs : theirs == null ? mine : mine.and(theirs);
    }
}
