package dev.slipway.engine.template;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can follow {@code is}. */
final class Tests {
    private final Comparisons comparisons;

    Tests(Comparisons comparisons) {
        this.comparisons = comparisons;
    }

    boolean holds(String test, Object value, CallValues values) {
        return switch (test) {
            case "defined" -> !(value instanceof Undefined);
            case "undefined" -> value instanceof Undefined;
            case "none" -> value == None.NONE;
            case "boolean" -> value instanceof Boolean;
            case "true" -> Boolean.TRUE.equals(value);
            case "false" -> Boolean.FALSE.equals(value);
            case "integer" -> value instanceof Long;
            case "float" -> value instanceof Double;
            case "number" -> Comparisons.isNumber(value);
            case "string" -> value instanceof Text;
            case "mapping" -> value instanceof Map<?, ?>;
            case "sequence" -> isSized(value);
            case "iterable" -> isSized(value) || value instanceof DictView || value instanceof Generated;
            case "callable" -> value instanceof Function || value instanceof Undefined;
            case "escaped" -> false;
            case "upper" -> isCase(PythonText.str(value), true);
            case "lower" -> isCase(PythonText.str(value), false);
            case "odd" -> modulo(value, 2L) == 1;
            case "even" -> modulo(value, 2L) == 0;
            case "divisibleby" -> modulo(value, operand(values)) == 0;
            case "sameas" -> same(value, operand(values));
            case "filter" -> operand(value, Filters.NAMES);
            case "test" -> operand(value, NAMES);
            default -> compare(test, value, values);
        };
    }

    private static final List<String> NAMES = List.of(
            "defined",
            "undefined",
            "none",
            "boolean",
            "true",
            "false",
            "integer",
            "float",
            "number",
            "string",
            "mapping",
            "sequence",
            "iterable",
            "callable",
            "escaped",
            "upper",
            "lower",
            "odd",
            "even",
            "divisibleby",
            "sameas",
            "filter",
            "test",
            "eq",
            "equalto",
            "==",
            "ne",
            "!=",
            "lt",
            "lessthan",
            "<",
            "le",
            "<=",
            "gt",
            "greaterthan",
            ">",
            "ge",
            ">=",
            "in");

    private boolean compare(String test, Object value, CallValues values) {
        String operator = switch (test) {
            case "eq", "equalto", "==" -> "==";
            case "ne", "!=" -> "!=";
            case "lt", "lessthan", "<" -> "<";
            case "le", "<=" -> "<=";
            case "gt", "greaterthan", ">" -> ">";
            case "ge", ">=" -> ">=";
            case "in" -> "in";
            default ->
                throw TemplateFault.error("there is no test '" + test + "'; there are " + String.join(", ", NAMES));
        };
        return comparisons.holds(operator, value, operand(values));
    }

    private static Object operand(CallValues values) {
        return values.bind("other").get("other");
    }

    private static boolean operand(Object value, List<String> names) {
        return value instanceof Text name && names.contains(name.chars());
    }

    private static boolean isSized(Object value) {
        return value instanceof Text
                || value instanceof List<?>
                || value instanceof Tuple
                || value instanceof Map<?, ?>
                || value instanceof Undefined;
    }

    private static boolean isCase(String text, boolean upper) {
        String folded = upper ? text.toUpperCase(Locale.ROOT) : text.toLowerCase(Locale.ROOT);
        String other = upper ? text.toLowerCase(Locale.ROOT) : text.toUpperCase(Locale.ROOT);
        return text.equals(folded) && !text.equals(other);
    }

    private static double modulo(Object value, Object by) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (!Comparisons.isNumber(value) || !Comparisons.isNumber(by)) {
            throw TemplateFault.error("a value of type " + Types.name(value) + " cannot be divided");
        }
        return Numbers.real(Numbers.calculate("%", value, by));
    }

    private static boolean same(Object value, Object other) {
        boolean plain = value instanceof None
                || value instanceof Boolean
                || value instanceof Long
                || value instanceof Text
                || value instanceof Undefined;
        return plain
                ? value.equals(other) || (value instanceof Undefined && other instanceof Undefined)
                : value == other;
    }
}
