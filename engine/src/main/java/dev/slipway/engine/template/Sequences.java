package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.List;

/** What {@code +} and {@code *} do to texts and lists. */
final class Sequences {
    private Sequences() {}

    static Object add(Object left, Object right, Budget budget) {
        if (left instanceof Text text && right instanceof Text other) {
            budget.charge((long) text.length() + other.length());
            return text.plus(other);
        }
        if (left instanceof List<?> list && right instanceof List<?> other) {
            return joined(list, other, budget);
        }
        if (left instanceof Tuple tuple && right instanceof Tuple other) {
            return new Tuple(joined(tuple.items(), other.items(), budget));
        }
        throw TemplateFault.error("'+' does not go with values of types " + Types.name(left) + " and "
                + Types.name(right) + "; '~' joins anything as text");
    }

    private static List<Object> joined(List<?> left, List<?> right, Budget budget) {
        budget.chargeItems((long) left.size() + right.size());
        List<Object> all = new ArrayList<>(left.size() + right.size());
        all.addAll(left);
        all.addAll(right);
        return all;
    }

    static Object repeat(Object left, Object right, Budget budget) {
        if (!Comparisons.isNumber(right)) {
            if (Comparisons.isNumber(left)) {
                return repeat(right, left, budget);
            }
        } else if (!(right instanceof Double)) {
            int times = Math.clamp(right instanceof Boolean flag ? (flag ? 1 : 0) : (Long) right, 0, Integer.MAX_VALUE);
            if (left instanceof Text text) {
                budget.charge((long) text.length() * times);
                return text.repeat(times);
            }
            if (left instanceof List<?> list) {
                return repeated(list, times, budget);
            }
            if (left instanceof Tuple tuple) {
                return new Tuple(repeated(tuple.items(), times, budget));
            }
        }
        throw TemplateFault.error(
                "'*' does not go with values of types " + Types.name(left) + " and " + Types.name(right));
    }

    private static List<Object> repeated(List<?> items, int times, Budget budget) {
        budget.chargeItems((long) items.size() * times);
        List<Object> all = new ArrayList<>(items.size() * times);
        for (int i = 0; i < times && !items.isEmpty(); i++) {
            all.addAll(items);
        }
        return all;
    }
}
