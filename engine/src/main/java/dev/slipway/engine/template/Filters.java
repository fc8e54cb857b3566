package dev.slipway.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What can follow {@code |}. Those that go through lists are in {@link ListFilters}. */
final class Filters {
    static final List<String> NAMES = List.of(
            "abs",
            "batch",
            "capitalize",
            "center",
            "count",
            "d",
            "default",
            "dictsort",
            "e",
            "escape",
            "first",
            "float",
            "format",
            "indent",
            "int",
            "items",
            "join",
            "last",
            "length",
            "list",
            "lower",
            "map",
            "max",
            "min",
            "reject",
            "rejectattr",
            "replace",
            "reverse",
            "round",
            "safe",
            "select",
            "selectattr",
            "slice",
            "sort",
            "string",
            "sum",
            "title",
            "tojson",
            "trim",
            "unique",
            "upper",
            "wordcount");

    private final Budget budget;
    private final ListFilters lists;

    Filters(Budget budget, Comparisons comparisons, Tests tests, Members members) {
        this.budget = budget;
        lists = new ListFilters(this, budget, comparisons, tests, members);
    }

    Object apply(String filter, Object value, CallValues values) {
        budget.step();
        if (value instanceof Text text) {
            budget.read(text);
        }
        return Text.value(applied(filter, value, values));
    }

    private Object applied(String filter, Object value, CallValues values) {
        return switch (filter) {
            case "default", "d" -> {
                CallValues.Bound bound = values.bind("default_value", "boolean");
                boolean absent = value instanceof Undefined || (bound.truth("boolean", false) && !Types.truth(value));
                yield absent ? bound.get("default_value", "") : value;
            }
            case "length", "count" -> {
                values.bind();
                yield Types.length(value);
            }
            case "tojson" -> budget.charged(json(value, values));
            case "trim" -> TextMethods.strip(PythonText.text(value), values, true, true);
            case "string", "safe" -> PythonText.text(value);
            case "upper" -> changed(value, text -> text.toUpperCase(Locale.ROOT));
            case "lower" -> changed(value, text -> text.toLowerCase(Locale.ROOT));
            case "capitalize" -> changed(value, TextMethods::capitalize);
            case "title" -> changed(value, TextFilters::title);
            case "replace" -> {
                CallValues.Bound bound = values.bind("old", "new", "count");
                yield TextMethods.replace(
                        PythonText.text(value),
                        PythonText.str(bound.get("old")),
                        PythonText.text(bound.get("new")),
                        bound.get("count", None.NONE) == None.NONE ? -1 : bound.integer("count", -1),
                        budget);
            }
            case "indent" -> TextFilters.indent(PythonText.text(value), values, budget);
            case "center" -> TextFilters.center(PythonText.text(value), values, budget);
            case "wordcount" ->
                (long) TextSplitter.words(PythonText.text(value), Long.MAX_VALUE)
                        .size();
            case "escape", "e" -> budget.charged(TextFilters.escape(PythonText.str(value)));
            case "format" -> budget.charged(format(PythonText.text(value), values));
            case "int" -> NumberFilters.whole(value, values);
            case "float" -> NumberFilters.real(value, values);
            case "abs" -> NumberFilters.absolute(value);
            case "round" -> NumberFilters.round(value, values);
            case "items" -> items(value);
            default -> lists.apply(filter, value, values);
        };
    }

    private Text format(Text text, CallValues values) {
        boolean named = !values.named().isEmpty();
        Object operand = named ? CallValues.keyed(values.named()) : new Tuple(values.positional());
        return PercentFormat.format(text, operand, budget);
    }

    private Text changed(Object value, UnaryOperator<String> change) {
        Text text = PythonText.text(value);
        return budget.charged(text.changed(change.apply(text.chars())));
    }

    private static Object items(Object value) {
        return switch (value) {
            case Map<?, ?> map -> new Generated(DictMethods.items(Types.entries(map)));
            case Undefined undefined -> new Generated(List.of());
            default ->
                throw TemplateFault.error("'items' needs a dictionary and got a value of type " + Types.name(value));
        };
    }

    private static String json(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("ensure_ascii", "indent", "separators", "sort_keys");
        Object indent = bound.get("indent", None.NONE);
        Optional<String> unit = switch (indent) {
            case None none -> Optional.empty();
            case Text text -> Optional.of(text.chars());
            default -> Optional.of(" ".repeat(Math.clamp(bound.integer("indent", 0), 0, 100)));
        };
        Object separators = bound.get("separators", None.NONE);
        List<Object> pair = separators == None.NONE
                ? List.of(Text.fromOutside(unit.isPresent() ? "," : ", "), Text.fromOutside(": "))
                : new ArrayList<>(Types.items(separators));
        if (pair.size() != 2) {
            throw TemplateFault.error("the argument 'separators' of 'tojson' needs two strings");
        }
        return JsonWriter.write(
                value,
                new JsonWriter.Format(
                        bound.truth("ensure_ascii", false),
                        unit,
                        PythonText.str(pair.get(0)),
                        PythonText.str(pair.get(1)),
                        bound.truth("sort_keys", false)));
    }
}
