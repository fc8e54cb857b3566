package dev.slipway.engine.grammar.schema;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Proves that no value satisfies two parts of a {@code oneOf}, which may then be written like an {@code anyOf}: by
 * type, by listed values, or by a required property that tells them apart.
 */
final class Disjointness {
    private static final int DEEPEST = 6;

    private final Demands demands;
    private final Effort effort;

    Disjointness(Demands demands, Effort effort) {
        this.demands = demands;
        this.effort = effort;
    }

    void check(List<List<Demand>> parts, SchemaNode oneOf) {
        for (int a = 0; a < parts.size(); a++) {
            for (int b = 0; b < a; b++) {
                if (!disjoint(parts.get(a), parts.get(b), 0)) {
                    throw SchemaFault.unsupported(
                            oneOf.pointer(),
                            "a oneOf whose parts " + b + " and " + a
                                    + " may both hold; anyOf, or a required property with a const in each, would do");
                }
            }
        }
    }

    private boolean disjoint(List<Demand> left, List<Demand> right, int depth) {
        return left.stream().allMatch(a -> right.stream().allMatch(b -> disjoint(a, b, depth)));
    }

    private boolean disjoint(Demand a, Demand b, int depth) {
        effort.spend(Effort.of(a, b));
        if (JsonType.both(a.types(), b.types()).isEmpty()) {
            return true;
        }
        List<@Nullable Object> left = a.values();
        List<@Nullable Object> right = b.values();
        if (left != null && left.stream().noneMatch(value -> JsonType.has(b.types(), value))) {
            return true;
        }
        if (right != null && right.stream().noneMatch(value -> JsonType.has(a.types(), value))) {
            return true;
        }
        if (left != null && right != null) {
            return left.stream().noneMatch(one -> right.stream().anyMatch(two -> JsonValues.same(one, two)));
        }
        return depth < DEEPEST && objects(a) && objects(b) && (members(a, b, depth) || members(b, a, depth));
    }

    private static boolean objects(Demand demand) {
        return demand.types().equals(Set.of(JsonType.OBJECT));
    }

    private boolean members(Demand a, Demand b, int depth) {
        Set<String> needed = required(b);
        return required(a).stream().anyMatch(name -> {
            SchemaNode mine = a.properties().get(name);
            SchemaNode theirs = b.properties().get(name);
            boolean forbidden = theirs == null
                    && b.keyword("additionalProperties")
                            .filter(SchemaNode::isFalse)
                            .isPresent()
                    && b.keyword("patternProperties").isEmpty();
            return forbidden
                    || (needed.contains(name)
                            && mine != null
                            && theirs != null
                            && disjoint(demands.of(mine), demands.of(theirs), depth + 1));
        });
    }

    private static Set<String> required(Demand demand) {
        return demand.keyword("required")
                .map(names -> Set.copyOf(names.texts()))
                .orElse(Set.of());
    }
}
