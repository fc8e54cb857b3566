package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;

/** Filters that go through lists. */
final class ListFilters {
    private final Filters filters;
    private final Budget budget;
    private final Comparisons comparisons;
    private final Tests tests;
    private final Members members;

    ListFilters(Filters filters, Budget budget, Comparisons comparisons, Tests tests, Members members) {
        this.filters = filters;
        this.budget = budget;
        this.comparisons = comparisons;
        this.tests = tests;
        this.members = members;
    }

    Object apply(String filter, Object value, CallValues values) {
        return switch (filter) {
            case "list" -> copy(value);
            case "first" -> first(copy(value), "first");
            case "last" -> first(copy(value).reversed(), "last");
            case "reverse" -> reverse(value);
            case "join" -> join(value, values);
            case "map" -> new Generated(map(value, values));
            case "select" -> select(value, item -> test(item, values));
            case "reject" -> select(value, item -> !test(item, values));
            case "selectattr" -> select(value, item -> testAttribute(item, values));
            case "rejectattr" -> select(value, item -> !testAttribute(item, values));
            case "sort" -> sort(value, values);
            case "unique" -> unique(value, values);
            case "max" -> extreme(value, values, -1);
            case "min" -> extreme(value, values, 1);
            case "sum" -> sum(value, values);
            case "dictsort" -> dictsort(value, values);
            case "batch" -> batch(value, values);
            case "slice" -> slice(value, values);
            default ->
                throw TemplateFault.error(
                        "there is no filter '" + filter + "'; there are " + String.join(", ", Filters.NAMES));
        };
    }

    private List<Object> copy(Object value) {
        List<Object> items = new ArrayList<>(Types.items(value));
        budget.chargeItems(items.size());
        return items;
    }

    private static Object first(List<Object> items, String which) {
        return items.isEmpty()
                ? new Undefined("there is no " + which + " item, the sequence is empty")
                : items.getFirst();
    }

    private Object reverse(Object value) {
        if (value instanceof Text text) {
            return new StringBuilder(text.chars()).reverse().toString();
        }
        return new Generated(copy(value).reversed());
    }

    private Object join(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("d", "attribute");
        Text separator = bound.printed("d", Text.EMPTY);
        Text.Builder text = new Text.Builder();
        boolean first = true;
        for (Object item : Types.items(value)) {
            Object part =
                    bound.get("attribute", None.NONE) == None.NONE ? item : members.path(item, bound.get("attribute"));
            text.append(first ? Text.EMPTY : separator).append(PythonText.text(part));
            budget.charge(separator.length());
            first = false;
        }
        return budget.charged(text.build());
    }

    private List<Object> map(Object value, CallValues values) {
        List<Object> mapped = new ArrayList<>();
        for (Object item : copy(value)) {
            if (values.named().containsKey("attribute")) {
                CallValues.Bound bound = values.bind("attribute", "default");
                Object found = members.path(item, bound.get("attribute"));
                mapped.add(found instanceof Undefined ? bound.get("default", found) : found);
            } else {
                mapped.add(filters.apply(name(values, "a filter"), item, values.rest()));
            }
        }
        return mapped;
    }

    private static String name(CallValues values, String what) {
        if (!values.positional().isEmpty() && values.positional().getFirst() instanceof Text name) {
            return name.chars();
        }
        throw TemplateFault.error(values.callee() + " needs the name of " + what);
    }

    private Object select(Object value, Predicate<Object> wanted) {
        List<Object> kept = new ArrayList<>();
        for (Object item : copy(value)) {
            budget.step();
            if (wanted.test(item)) {
                kept.add(item);
            }
        }
        return new Generated(kept);
    }

    private boolean test(Object item, CallValues values) {
        return values.positional().isEmpty()
                ? Types.truth(item)
                : tests.holds(name(values, "a test"), item, values.rest());
    }

    private boolean testAttribute(Object item, CallValues values) {
        if (values.positional().isEmpty()) {
            throw TemplateFault.error(values.callee() + " needs the name of an attribute");
        }
        return test(members.path(item, values.positional().getFirst()), values.rest());
    }

    /** What is compared in place of an item: its attribute, without regard to case unless asked. */
    private Object sortKey(Object item, CallValues.Bound bound) {
        Object key = item;
        if (bound.get("attribute", None.NONE) != None.NONE) {
            key = members.path(item, bound.get("attribute"));
        }
        return key instanceof Text text && !bound.truth("case_sensitive", false)
                ? Text.fromOutside(text.chars().toLowerCase(Locale.ROOT))
                : key;
    }

    private Object sort(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("reverse", "case_sensitive", "attribute");
        List<Object> items = copy(value);
        Comparator<Object> order = (a, b) -> comparisons.order(sortKey(a, bound), sortKey(b, bound));
        items.sort(bound.truth("reverse", false) ? order.reversed() : order);
        return items;
    }

    private Object unique(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("case_sensitive", "attribute");
        List<Object> seen = new ArrayList<>();
        List<Object> kept = new ArrayList<>();
        for (Object item : copy(value)) {
            Object key = sortKey(item, bound);
            if (!comparisons.contains(seen, key)) {
                seen.add(key);
                kept.add(item);
            }
        }
        return new Generated(kept);
    }

    private Object extreme(Object value, CallValues values, int sign) {
        CallValues.Bound bound = values.bind("case_sensitive", "attribute");
        List<Object> items = copy(value);
        if (items.isEmpty()) {
            return new Undefined("there is no greatest or least item, the sequence is empty");
        }
        Object best = items.getFirst();
        for (Object item : items) {
            if (comparisons.order(sortKey(item, bound), sortKey(best, bound)) * sign < 0) {
                best = item;
            }
        }
        return best;
    }

    private Object sum(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("attribute", "start");
        Object total = bound.get("start", 0L);
        for (Object item : copy(value)) {
            Object part =
                    bound.get("attribute", None.NONE) == None.NONE ? item : members.path(item, bound.get("attribute"));
            if (!Comparisons.isNumber(part) || !Comparisons.isNumber(total)) {
                throw TemplateFault.error("'sum' got a value of type " + Types.name(part) + " among the numbers");
            }
            total = Numbers.calculate("+", total, part);
        }
        return total;
    }

    private Object dictsort(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("case_sensitive", "by", "reverse");
        if (!(value instanceof Map<?, ?> map)) {
            throw TemplateFault.error("'dictsort' needs a dictionary and got a value of type " + Types.name(value));
        }
        int part = bound.text("by", "key").equals("value") ? 1 : 0;
        List<Object> items = DictMethods.items(Types.entries(map));
        items.sort((a, b) -> comparisons.order(folded(a, part, bound), folded(b, part, bound)));
        if (bound.truth("reverse", false)) {
            Collections.reverse(items);
        }
        return items;
    }

    private static Object folded(Object pair, int part, CallValues.Bound bound) {
        Object key = ((Tuple) pair).items().get(part);
        return key instanceof Text text && !bound.truth("case_sensitive", false)
                ? Text.fromOutside(text.chars().toLowerCase(Locale.ROOT))
                : key;
    }

    private Object batch(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("linecount", "fill_with");
        int size = Math.clamp(bound.integer("linecount", 1), 1, Integer.MAX_VALUE);
        List<Object> items = copy(value);
        List<Object> rows = new ArrayList<>();
        for (int from = 0; from >= 0 && from < items.size(); from += size) {
            List<Object> row = new ArrayList<>(items.subList(from, (int) Math.min(items.size(), (long) from + size)));
            if (bound.get("fill_with", None.NONE) != None.NONE) {
                budget.chargeItems(size);
                row.addAll(Collections.nCopies(size - row.size(), bound.get("fill_with")));
            }
            rows.add(row);
        }
        return new Generated(rows);
    }

    private Object slice(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("slices", "fill_with");
        int count = Math.clamp(bound.integer("slices", 1), 1, Limits.MAX_RANGE);
        List<Object> items = copy(value);
        int each = items.size() / count;
        int longer = items.size() % count;
        List<Object> columns = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < count; i++) {
            int to = from + each + (i < longer ? 1 : 0);
            List<Object> column = new ArrayList<>(items.subList(from, to));
            if (i >= longer && bound.get("fill_with", None.NONE) != None.NONE) {
                column.add(bound.get("fill_with"));
            }
            columns.add(column);
            from = to;
        }
        return new Generated(columns);
    }
}
