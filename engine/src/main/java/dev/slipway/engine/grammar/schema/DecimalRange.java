package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.choice;
import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.grammar.CodePoints;
import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Repeat;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;

/** The digits of numbers from 0 on within a range. */
final class DecimalRange {
    static final int MOST_FRACTION_DIGITS = 15;

    private DecimalRange() {}

    private static Expression digits(int from, int to) {
        return Expression.one(CodePoints.range('0' + from, '0' + to));
    }

    private static Expression anyDigits(int least, int most) {
        return new Repeat(AnyJson.DIGIT, least, most);
    }

    /** Whole numbers from {@code low}, which is not below 0, to {@code high}. */
    static Expression integers(BigInteger low, BigInteger high) {
        List<Expression> parts = new ArrayList<>();
        int shortest = low.toString().length();
        int longest = high.toString().length();
        for (int length = shortest; length <= longest; length++) {
            BigInteger least = length == 1 ? BigInteger.ZERO : BigInteger.TEN.pow(length - 1);
            BigInteger most = BigInteger.TEN.pow(length).subtract(BigInteger.ONE);
            String from = low.max(least).toString();
            String to = high.min(most).toString();
            if (new BigInteger(from).compareTo(new BigInteger(to)) <= 0) {
                parts.add(sameLength(from, to, 0, true, true));
            }
        }
        return choice(parts);
    }

    private static Expression sameLength(String from, String to, int at, boolean aboveLow, boolean belowHigh) {
        int left = from.length() - at;
        if (left == 0) {
            return Expression.EMPTY;
        }
        boolean firstOfSeveral = at == 0 && from.length() > 1;
        if (!aboveLow && !belowHigh) {
            return anyDigits(left, left);
        }
        int least = aboveLow ? from.charAt(at) - '0' : firstOfSeveral ? 1 : 0;
        int most = belowHigh ? to.charAt(at) - '0' : 9;
        List<Expression> parts = new ArrayList<>();
        if (least == most) {
            return sequence(digits(least, least), sameLength(from, to, at + 1, aboveLow, belowHigh));
        }
        int inner = least;
        int outer = most;
        if (aboveLow) {
            parts.add(sequence(digits(least, least), sameLength(from, to, at + 1, true, false)));
            inner++;
        }
        if (belowHigh) {
            parts.add(sequence(digits(most, most), sameLength(from, to, at + 1, false, true)));
            outer--;
        }
        if (inner <= outer) {
            parts.add(sequence(digits(inner, outer), anyDigits(left - 1, left - 1)));
        }
        return choice(parts);
    }

    /** Numbers from {@code low}, which is not below 0, to {@code high}, with at most so many digits behind the point. */
    static Expression decimals(Bound low, Bound high, int fractionDigits) {
        BigInteger first = low.value().setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
        BigInteger last = high.value().setScale(0, RoundingMode.FLOOR).toBigIntegerExact();
        Fraction from = new Fraction(behindPoint(low.value(), first), low.inclusive());
        Fraction to = new Fraction(behindPoint(high.value(), last), high.inclusive());
        if (first.compareTo(last) > 0) {
            return Expression.NOTHING;
        }
        if (first.equals(last)) {
            return sequence(text(first.toString()), new Fractions(from, to, fractionDigits).of(true, true));
        }
        List<Expression> parts = new ArrayList<>();
        parts.add(sequence(text(first.toString()), new Fractions(from, to, fractionDigits).of(true, false)));
        parts.add(sequence(text(last.toString()), new Fractions(from, to, fractionDigits).of(false, true)));
        BigInteger second = first.add(BigInteger.ONE);
        BigInteger beforeLast = last.subtract(BigInteger.ONE);
        if (second.compareTo(beforeLast) <= 0) {
            parts.add(sequence(integers(second, beforeLast), new Fractions(from, to, fractionDigits).of(false, false)));
        }
        return choice(parts);
    }

    /** The digits behind the point, without zeros at the end. */
    private static String behindPoint(BigDecimal value, BigInteger whole) {
        BigDecimal rest = value.subtract(new BigDecimal(whole));
        return rest.signum() == 0
                ? ""
                : rest.stripTrailingZeros().toPlainString().substring(2);
    }

    private record Fraction(String digits, boolean inclusive) {
        int at(int place) {
            return place < digits.length() ? digits.charAt(place) - '0' : 0;
        }
    }

    /** What may stand behind the whole part. */
    private record Fractions(Fraction low, Fraction high, int most) {
        Expression of(boolean aboveLow, boolean belowHigh) {
            List<Expression> parts = new ArrayList<>();
            if (mayEnd(0, aboveLow, belowHigh)) {
                parts.add(Expression.EMPTY);
            }
            if (most > 0) {
                parts.add(sequence(text("."), next(0, aboveLow, belowHigh)));
            }
            return choice(parts);
        }

        /** Whether the number may end after so many digits that were all on a limit where they are said to be. */
        private boolean mayEnd(int at, boolean aboveLow, boolean belowHigh) {
            boolean highEnough = !aboveLow || (at >= low.digits.length() && low.inclusive);
            boolean lowEnough = !belowHigh || at < high.digits.length() || high.inclusive;
            return highEnough && lowEnough;
        }

        private Expression next(int at, boolean aboveLow, boolean belowHigh) {
            if (!aboveLow && !belowHigh) {
                return sequence(AnyJson.DIGIT, anyDigits(0, most - at - 1));
            }
            int least = aboveLow ? low.at(at) : 0;
            int highest = belowHigh ? high.at(at) : 9;
            if (least > highest) {
                return Expression.NOTHING;
            }
            List<Expression> parts = new ArrayList<>();
            if (least == highest) {
                parts.add(sequence(digits(least, least), after(at + 1, aboveLow, belowHigh)));
                return choice(parts);
            }
            int from = least;
            int to = highest;
            if (aboveLow) {
                parts.add(sequence(digits(from, from), after(at + 1, true, false)));
                from++;
            }
            if (belowHigh) {
                parts.add(sequence(digits(to, to), after(at + 1, false, true)));
                to--;
            }
            if (from <= to) {
                parts.add(sequence(digits(from, to), after(at + 1, false, false)));
            }
            return choice(parts);
        }

        private Expression after(int at, boolean aboveLow, boolean belowHigh) {
            List<Expression> parts = new ArrayList<>();
            if (mayEnd(at, aboveLow, belowHigh)) {
                parts.add(Expression.EMPTY);
            }
            if (at < most) {
                parts.add(next(at, aboveLow, belowHigh));
            }
            return choice(parts);
        }
    }
}
