package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Attributes, items and slices of values. */
final class Members {
    /** Methods that would change a value; the sandbox that templates are written for refuses them as well. */
    private static final Set<String> CHANGING_LISTS =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private static final Set<String> CHANGING_DICTS = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private final Budget budget;
    private final Comparisons comparisons;

    Members(Budget budget, Comparisons comparisons) {
        this.budget = budget;
        this.comparisons = comparisons;
    }

    /** {@code target.name}: a method or property before an item of that name. */
    Object attribute(Object target, String name) {
        budget.step();
        if (target instanceof Undefined undefined) {
            throw undefined.fault();
        }
        Optional<Object> own = own(target, name);
        if (own.isPresent()) {
            return own.get();
        }
        if (target instanceof Map<?, ?> map) {
            Object value = map.get(Text.fromOutside(name));
            return value != null ? value : Undefined.member(target, name);
        }
        return Undefined.member(target, name);
    }

    /** {@code target[key]}: an item before a method or property of that name. */
    Object item(Object target, Object key) {
        budget.step();
        if (target instanceof Undefined undefined) {
            throw undefined.fault();
        }
        Object found = switch (target) {
            case Map<?, ?> map when !(key instanceof List<?> || key instanceof Map<?, ?>) -> map.get(key);
            case List<?> list -> at(list, key);
            case Tuple tuple -> at(tuple.items(), key);
            case Text text -> {
                budget.read(text);
                yield character(text, key);
            }
            default -> null;
        };
        if (found != null) {
            return found;
        }
        if (key instanceof Text name) {
            return own(target, name.chars()).orElseGet(() -> Undefined.member(target, key));
        }
        return Undefined.member(target, key);
    }

    private Optional<Object> own(Object target, String name) {
        return switch (target) {
            case Map<?, ?> map when CHANGING_DICTS.contains(name) -> Optional.of(refused(name));
            case Map<?, ?> map -> DictMethods.find(Types.entries(map), name);
            case List<?> list when CHANGING_LISTS.contains(name) -> Optional.of(refused(name));
            case List<?> list -> ListMethods.find(Types.values(list), name, comparisons);
            case Tuple tuple -> ListMethods.find(tuple.items(), name, comparisons);
            case Text text -> {
                budget.read(text);
                yield TextMethods.find(text, name, budget);
            }
            case LoopState loop -> Optional.of(loop.member(name, comparisons));
            case Namespace namespace -> Optional.of(namespace.get(name));
            default -> Optional.empty();
        };
    }

    private static Undefined refused(String method) {
        return new Undefined("'" + method + "' would change a value, which templates may not do");
    }

    private static @Nullable Object at(List<?> items, Object key) {
        long index = index(key, items.size());
        return index >= 0 && index < items.size() ? items.get((int) index) : null;
    }

    private static @Nullable Object character(Text text, Object key) {
        int length = PythonText.length(text.chars());
        long index = index(key, length);
        if (index < 0 || index >= length) {
            return null;
        }
        int start = text.chars().offsetByCodePoints(0, (int) index);
        return text.part(start, text.chars().offsetByCodePoints(start, 1));
    }

    /** An index counted from the front, or -1 when the key is none. */
    private static long index(Object key, int length) {
        long index = key instanceof Long number ? number : key instanceof Boolean flag ? (flag ? 1 : 0) : -1L - length;
        return index < 0 ? index + length : index;
    }

    /** {@code target[start:stop:step]}. */
    Object slice(Object target, Object start, Object stop, Object step) {
        return switch (target) {
            case Text text -> {
                budget.read(text);
                yield budget.charged(sliceText(text, start, stop, step));
            }
            case List<?> list -> pickItems(list, start, stop, step);
            case Tuple tuple -> new Tuple(pickItems(tuple.items(), start, stop, step));
            case Undefined undefined -> throw undefined.fault();
            default -> Undefined.member(target, "slice");
        };
    }

    private Text sliceText(Text whole, Object start, Object stop, Object step) {
        String text = whole.chars();
        int length = PythonText.length(text);
        if (step == None.NONE || step.equals(1L)) {
            long from = start == None.NONE ? 0 : bound(whole(start), length, 0, length);
            long to = stop == None.NONE ? length : bound(whole(stop), length, 0, length);
            int first = text.offsetByCodePoints(0, (int) from);
            return from < to ? whole.part(first, text.offsetByCodePoints(first, (int) (to - from))) : Text.EMPTY;
        }
        budget.chargeItems(length);
        int[] letters = text.codePoints().toArray();
        StringBuilder part = new StringBuilder();
        pick(length, start, stop, step).forEach(index -> part.appendCodePoint(letters[index]));
        return Text.fromOutside(part.toString());
    }

    private List<Object> pickItems(List<?> items, Object start, Object stop, Object step) {
        List<Object> picked = new ArrayList<>();
        pick(items.size(), start, stop, step).forEach(index -> picked.add(items.get(index)));
        budget.chargeItems(picked.size());
        return picked;
    }

    private static List<Integer> pick(int length, Object start, Object stop, Object step) {
        long by = step == None.NONE ? 1 : whole(step);
        if (by == 0) {
            throw TemplateFault.error("the step of a slice is zero");
        }
        long lowest = by > 0 ? 0 : -1;
        long highest = by > 0 ? length : length - 1L;
        long from = start == None.NONE ? (by > 0 ? lowest : highest) : bound(whole(start), length, lowest, highest);
        long to = stop == None.NONE ? (by > 0 ? highest : lowest) : bound(whole(stop), length, lowest, highest);
        List<Integer> picked = new ArrayList<>();
        long stride = Math.clamp(by, -1L - length, 1L + length);
        for (long i = from; by > 0 ? i < to : i > to; i += stride) {
            picked.add((int) i);
        }
        return picked;
    }

    private static long bound(long index, int length, long lowest, long highest) {
        return Math.clamp(index < 0 ? Math.max(index, -2L - length) + length : index, lowest, highest);
    }

    private static long whole(Object value) {
        if (value instanceof Long number) {
            return number;
        }
        throw TemplateFault.error("a bound of a slice is of type " + Types.name(value) + ", not a whole number");
    }

    /** What {@code attribute='a.b.0'} of a filter means: the item of each part in turn. */
    Object path(Object target, Object path) {
        if (!(path instanceof Text text)) {
            return item(target, path);
        }
        Object value = target;
        for (String part : text.chars().split("\\.", -1)) {
            boolean number = !part.isEmpty() && part.chars().allMatch(letter -> letter >= '0' && letter <= '9');
            value = item(value, number ? (Object) Numbers.parseInteger(part) : Text.fromOutside(part));
        }
        return value;
    }
}
