package dev.slipway.engine.template;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Filters that make numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static Object whole(Object value, CallValues values) {
        CallValues.Bound bound = values.bind("default", "base");
        return switch (value) {
            case Undefined undefined -> throw undefined.fault();
            case Long number -> number;
            case Boolean flag -> flag ? 1L : 0L;
            case Double number ->
                number.isNaN() || number.isInfinite() ? bound.get("default", 0L) : (Object) number.longValue();
            case Text text -> {
                try {
                    yield parse(PythonText.strip(text.chars()).replace("_", ""), (int) bound.integer("base", 10));
                } catch (NumberFormatException notWhole) {
                    yield truncated(text.chars(), bound.get("default", 0L));
                }
            }
            default -> bound.get("default", 0L);
        };
    }

    /** Digits in a base, with or without Python's prefix of the bases 16, 8 and 2. */
    private static long parse(String digits, int base) {
        String prefix = base == 16 ? "0x" : base == 8 ? "0o" : base == 2 ? "0b" : "none";
        boolean prefixed = digits.regionMatches(true, 0, prefix, 0, prefix.length());
        return Long.parseLong(prefixed ? digits.substring(2) : digits, base);
    }

    private static Object truncated(String text, Object absent) {
        try {
            double number = Double.parseDouble(PythonText.strip(text));
            return Double.isNaN(number) || Double.isInfinite(number) ? absent : (Object) (long) number;
        } catch (NumberFormatException notReal) {
            return absent;
        }
    }

    static Object real(Object value, CallValues values) {
        Object absent = values.bind("default").get("default", 0.0);
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (Comparisons.isNumber(value)) {
            return Numbers.real(value);
        }
        try {
            return value instanceof Text text ? (Object) Double.parseDouble(PythonText.strip(text.chars())) : absent;
        } catch (NumberFormatException notReal) {
            return absent;
        }
    }

    static Object absolute(Object value) {
        number(value, "abs");
        return Numbers.compare(value, 0L) < 0 ? Numbers.negate(value) : value;
    }

    static Object round(Object value, CallValues values) {
        number(value, "round");
        CallValues.Bound bound = values.bind("precision", "method");
        int precision = Math.clamp(bound.integer("precision", 0), -300, 300);
        String method = bound.text("method", "common");
        if (!(value instanceof Double) && method.equals("common") && precision >= 0) {
            return Numbers.calculate("+", value, 0L);
        }
        double number = Numbers.real(value);
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return number;
        }
        BigDecimal exact = new BigDecimal(number);
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw TemplateFault.error("the method of 'round' is common, ceil or floor");
        };
        return exact.setScale(precision, mode).doubleValue();
    }

    private static void number(Object value, String filter) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (!Comparisons.isNumber(value)) {
            throw TemplateFault.error("'" + filter + "' needs a number and got a value of type " + Types.name(value));
        }
    }
}
