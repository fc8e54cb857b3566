package dev.slipway.engine.template;

import java.util.List;
import java.util.Map;

/** Equality, order and membership as in Python. */
final class Comparisons {
    private final Budget budget;

    Comparisons(Budget budget) {
        this.budget = budget;
    }

    boolean holds(String operator, Object left, Object right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> order(left, right) < 0;
            case "<=" -> order(left, right) <= 0;
            case ">" -> order(left, right) > 0;
            default -> order(left, right) >= 0;
        };
    }

    boolean equal(Object left, Object right) {
        return equal(left, right, 0);
    }

    private boolean equal(Object left, Object right, int depth) {
        budget.step();
        if (depth > Limits.MAX_VALUE_DEPTH) {
            throw TemplateFault.limit("values nested too deeply are compared");
        }
        if (isNumber(left) && isNumber(right)) {
            return Numbers.compare(left, right) == 0;
        }
        return switch (left) {
            case List<?> list -> right instanceof List<?> other && equalItems(list, other, depth);
            case Tuple tuple -> right instanceof Tuple other && equalItems(tuple.items(), other.items(), depth);
            case Map<?, ?> map -> right instanceof Map<?, ?> other && equalEntries(map, other, depth);
            case Undefined undefined -> right instanceof Undefined;
            case Text text -> {
                budget.read(text);
                yield text.equals(right);
            }
            default -> left.equals(right);
        };
    }

    private boolean equalItems(List<?> left, List<?> right, int depth) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean equalEntries(Map<?, ?> left, Map<?, ?> right, int depth) {
        if (left.size() != right.size()) {
            return false;
        }
        for (Map.Entry<?, ?> entry : left.entrySet()) {
            Object other = right.get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other, depth + 1)) {
                return false;
            }
        }
        return true;
    }

    boolean contains(Object container, Object item) {
        return switch (container) {
            case Text text -> {
                budget.read(text);
                if (item instanceof Text part) {
                    yield text.chars().contains(part.chars());
                }
                throw TemplateFault.error("'in' looks for a value of type " + Types.name(item) + " in a string");
            }
            case Map<?, ?> map -> map.containsKey(Types.key(item));
            default -> {
                for (Object candidate : Types.items(container)) {
                    if (equal(candidate, item)) {
                        yield true;
                    }
                }
                yield false;
            }
        };
    }

    int order(Object left, Object right) {
        budget.step();
        if (isNumber(left) && isNumber(right)) {
            return Numbers.compare(left, right);
        }
        if (left instanceof Text text && right instanceof Text other) {
            return PythonText.compare(text.chars(), other.chars());
        }
        if (left instanceof List<?> list && right instanceof List<?> other) {
            return orderItems(list, other);
        }
        if (left instanceof Tuple tuple && right instanceof Tuple other) {
            return orderItems(tuple.items(), other.items());
        }
        for (Object side : List.of(left, right)) {
            if (side instanceof Undefined undefined) {
                throw undefined.fault();
            }
        }
        throw TemplateFault.error(
                "values of types " + Types.name(left) + " and " + Types.name(right) + " have no order");
    }

    private int orderItems(List<?> left, List<?> right) {
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            if (!equal(left.get(i), right.get(i))) {
                budget.enter();
                int order = order(left.get(i), right.get(i));
                budget.leave();
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    static boolean isNumber(Object value) {
        return value instanceof Long || value instanceof Double || value instanceof Boolean;
    }
}
