package dev.slipway.engine.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Arithmetic as in Python, on 64-bit whole numbers; what would not fit is an error. */
final class Numbers {
    private Numbers() {}

    static Long parseInteger(String digits) {
        try {
            return switch (digits.length() > 1 ? digits.substring(0, 2).toLowerCase(Locale.ROOT) : "") {
                case "0x" -> Long.parseLong(digits, 2, digits.length(), 16);
                case "0o" -> Long.parseLong(digits, 2, digits.length(), 8);
                case "0b" -> Long.parseLong(digits, 2, digits.length(), 2);
                default -> Long.parseLong(digits);
            };
        } catch (NumberFormatException wrong) {
            throw TemplateFault.error("'" + digits + "' is no whole number, or too large");
        }
    }

    static double real(Object value) {
        return switch (value) {
            case Boolean flag -> flag ? 1 : 0;
            case Long number -> number;
            case Double number -> number;
            default -> throw TemplateFault.error("a value of type " + Types.name(value) + " is no number");
        };
    }

    private static long whole(Object value) {
        return value instanceof Boolean flag ? (flag ? 1 : 0) : (Long) value;
    }

    static int compare(Object left, Object right) {
        if (left instanceof Double || right instanceof Double) {
            double a = real(left);
            double b = real(right);
            if (Double.isNaN(a) || Double.isNaN(b)) {
                return 2;
            }
            if (Double.isInfinite(a) || Double.isInfinite(b)) {
                return Double.compare(a, b);
            }
            return exact(left).compareTo(exact(right));
        }
        return Long.compare(whole(left), whole(right));
    }

    private static BigDecimal exact(Object value) {
        return value instanceof Double real ? new BigDecimal(real) : BigDecimal.valueOf(whole(value));
    }

    static Object negate(Object value) {
        try {
            return value instanceof Double real ? (Object) (-real) : (Object) Math.negateExact(whole(value));
        } catch (ArithmeticException overflow) {
            throw tooLarge();
        }
    }

    static Object calculate(String operator, Object left, Object right) {
        boolean reals = left instanceof Double || right instanceof Double || operator.equals("/");
        try {
            return reals
                    ? (Object) reals(operator, real(left), real(right))
                    : wholes(operator, whole(left), whole(right));
        } catch (ArithmeticException overflow) {
            throw tooLarge();
        }
    }

    private static Object wholes(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDivExact(left, nonZero(right));
            case "%" -> Math.floorMod(left, nonZero(right));
            case "**" -> right < 0 ? (Object) reals("**", left, right) : (Object) power(left, right);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static double reals(String operator, double left, double right) {
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / nonZero(right);
            case "//" -> Math.floor(left / nonZero(right));
            case "%" -> modulo(left, nonZero(right));
            case "**" -> Math.pow(left, right);
            default -> throw new IllegalStateException(operator);
        };
    }

    private static double modulo(double left, double right) {
        double rest = left % right;
        return rest != 0 && (rest < 0) != (right < 0) ? rest + right : rest;
    }

    private static long power(long base, long exponent) {
        long result = 1;
        long factor = base;
        for (long left = exponent; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                result = Math.multiplyExact(result, factor);
            }
            if (left > 1) {
                factor = Math.multiplyExact(factor, factor);
            }
        }
        return result;
    }

    private static long nonZero(long value) {
        if (value == 0) {
            throw TemplateFault.error("a number is divided by zero");
        }
        return value;
    }

    private static double nonZero(double value) {
        if (value == 0) {
            throw TemplateFault.error("a number is divided by zero");
        }
        return value;
    }

    private static TemplateFault tooLarge() {
        return TemplateFault.error("a whole number does not fit into 64 bits");
    }

    /** The fewest digits that read back as this number; Java itself stops at two. */
    private static BigDecimal shortest(double value) {
        BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal shorter = decimal.round(new MathContext(1));
        return shorter.doubleValue() == value ? shorter.stripTrailingZeros() : decimal;
    }

    /** A real number as Python prints it: shortest digits, an exponent below 1e-4 and from 1e16 on. */
    static String print(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0.0" : "0.0";
        }
        BigDecimal decimal = shortest(value);
        String digits = decimal.unscaledValue().abs().toString();
        int exponent = digits.length() - decimal.scale() - 1;
        String sign = value < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            String plain = decimal.abs().toPlainString();
            return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
        }
        String fraction = digits.length() > 1 ? "." + digits.substring(1) : "";
        String power = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : Integer.toString(Math.abs(exponent));
        return sign + digits.charAt(0) + fraction + "e" + (exponent < 0 ? "-" : "+") + power;
    }
}
