package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.choice;
import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.grammar.CodePoints;
import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Rule;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Numbers by range and multiple, exactly, digit by digit; numbers with limits are written without an exponent. */
final class NumberRules {
    private static final int MOST_LISTED = 2_000;
    private static final int LARGEST_DIVISOR = 64;
    private static final int MOST_DIGITS = 18;

    private final Map<String, Expression> rules;

    NumberRules(Map<String, Expression> rules) {
        this.rules = rules;
    }

    /**
     * Limits of a number.
     *
     * @param low the lowest, if any
     * @param high the highest, if any
     */
    private record Range(Optional<Bound> low, Optional<Bound> high) {
        boolean isOpen() {
            return low.isEmpty() && high.isEmpty();
        }
    }

    Expression of(Demand demand, boolean integer) {
        Range range = range(demand);
        Optional<SchemaNode> divisor = demand.keyword("multipleOf");
        if (divisor.isEmpty()) {
            if (range.isOpen()) {
                return integer ? AnyJson.INTEGER : AnyJson.NUMBER;
            }
            return integer ? integers(range) : decimals(range, DecimalRange.MOST_FRACTION_DIGITS);
        }
        BigDecimal step = divisor.get().number().stripTrailingZeros();
        if (step.signum() <= 0) {
            throw SchemaFault.invalid(divisor.get().pointer(), "a multiple of what is not above 0");
        }
        if (step.scale() <= 0) {
            return multiples(step.toBigIntegerExact(), range, divisor.get());
        }
        if (integer) {
            return multiples(wholeMultiple(step), range, divisor.get());
        }
        if (step.unscaledValue().equals(BigInteger.ONE) && step.scale() <= DecimalRange.MOST_FRACTION_DIGITS) {
            return decimals(range, step.scale());
        }
        throw SchemaFault.unsupported(
                divisor.get().pointer(), "a multiple of " + step.toPlainString() + ", neither whole nor 0.1, 0.01, …");
    }

    /** The smallest whole number that is a multiple of a fraction. */
    private static BigInteger wholeMultiple(BigDecimal step) {
        BigInteger ten = BigInteger.TEN.pow(step.scale());
        return step.unscaledValue().divide(step.unscaledValue().gcd(ten));
    }

    private static Range range(Demand demand) {
        Optional<Bound> low = demand.keyword("minimum").map(node -> new Bound(node.number(), true));
        Optional<Bound> high = demand.keyword("maximum").map(node -> new Bound(node.number(), true));
        Optional<SchemaNode> above = demand.keyword("exclusiveMinimum");
        Optional<SchemaNode> below = demand.keyword("exclusiveMaximum");
        if (above.isPresent()) {
            low = Optional.of(exclusive(above.get(), low, 1));
        }
        if (below.isPresent()) {
            high = Optional.of(exclusive(below.get(), high, -1));
        }
        String format = demand.keyword("format").map(SchemaNode::text).orElse("");
        if (format.equals("int32")) {
            low = Optional.of(tighter(low, new Bound(BigDecimal.valueOf(Integer.MIN_VALUE), true), 1));
            high = Optional.of(tighter(high, new Bound(BigDecimal.valueOf(Integer.MAX_VALUE), true), -1));
        }
        return new Range(low, high);
    }

    /** An exclusive bound; in draft 4 it is a flag beside the inclusive one. */
    private static Bound exclusive(SchemaNode node, Optional<Bound> inclusive, int direction) {
        if (node.value() instanceof Boolean flag) {
            Bound bound =
                    inclusive.orElseThrow(() -> SchemaFault.invalid(node.pointer(), "there is no bound beside it"));
            return flag ? new Bound(bound.value(), false) : bound;
        }
        return tighter(inclusive, new Bound(node.number(), false), direction);
    }

    private static Bound tighter(Optional<Bound> old, Bound other, int direction) {
        if (old.isEmpty()) {
            return other;
        }
        int order = direction * old.get().value().compareTo(other.value());
        return order > 0 || (order == 0 && !old.get().inclusive()) ? old.get() : other;
    }

    private static BigInteger lowest(Bound bound) {
        BigInteger up = bound.value().setScale(0, RoundingMode.CEILING).toBigIntegerExact();
        boolean touches = !bound.inclusive() && new BigDecimal(up).compareTo(bound.value()) == 0;
        return touches ? up.add(BigInteger.ONE) : up;
    }

    private static BigInteger highest(Bound bound) {
        return lowest(new Bound(bound.value().negate(), bound.inclusive())).negate();
    }

    /** The farthest number that is written where only the other side is limited. */
    private static BigInteger farthest(Optional<Bound> other) {
        BigInteger most = BigInteger.TEN.pow(MOST_DIGITS).subtract(BigInteger.ONE);
        return other.map(bound -> bound.value().toBigInteger().abs().multiply(BigInteger.TEN))
                .orElse(BigInteger.ZERO)
                .max(most);
    }

    private static Expression integers(Range range) {
        BigInteger low = range.low
                .map(NumberRules::lowest)
                .orElseGet(() -> farthest(range.high).negate());
        BigInteger high = range.high.map(NumberRules::highest).orElseGet(() -> farthest(range.low));
        return integers(low, high);
    }

    private static Expression integers(BigInteger low, BigInteger high) {
        List<Expression> parts = new ArrayList<>();
        BigInteger fromZero = low.max(BigInteger.ZERO);
        if (fromZero.compareTo(high) <= 0) {
            parts.add(DecimalRange.integers(fromZero, high));
        }
        BigInteger least = high.negate().max(BigInteger.ONE);
        if (least.compareTo(low.negate()) <= 0) {
            parts.add(sequence(text("-"), DecimalRange.integers(least, low.negate())));
        }
        return choice(parts);
    }

    private static Expression decimals(Range range, int fractionDigits) {
        Bound zero = new Bound(BigDecimal.ZERO, true);
        Bound low = range.low.orElseGet(
                () -> new Bound(new BigDecimal(farthest(range.high).negate()), true));
        Bound high = range.high.orElseGet(() -> new Bound(new BigDecimal(farthest(range.low)), true));
        List<Expression> parts = new ArrayList<>();
        if (high.value().signum() >= 0) {
            Bound from = low.value().signum() < 0 ? zero : low;
            parts.add(DecimalRange.decimals(from, high, fractionDigits));
        }
        if (low.value().signum() < 0) {
            Bound from = high.value().signum() < 0 ? high.negated() : new Bound(BigDecimal.ZERO, false);
            parts.add(sequence(text("-"), DecimalRange.decimals(from, low.negated(), fractionDigits)));
        }
        return choice(parts);
    }

    private Expression multiples(BigInteger step, Range range, SchemaNode divisor) {
        if (step.equals(BigInteger.ONE)) {
            return range.isOpen() ? AnyJson.INTEGER : integers(range);
        }
        Optional<BigInteger> low = range.low.map(bound -> ceiling(lowest(bound), step));
        Optional<BigInteger> high =
                range.high.map(bound -> ceiling(highest(bound).negate(), step).negate());
        if (low.isPresent() && high.isPresent()) {
            BigInteger count = high.get().subtract(low.get()).add(BigInteger.ONE);
            if (count.signum() <= 0) {
                return Expression.NOTHING;
            }
            if (count.compareTo(BigInteger.valueOf(MOST_LISTED)) <= 0) {
                List<String> texts = new ArrayList<>();
                for (BigInteger n = low.get(); n.compareTo(high.get()) <= 0; n = n.add(BigInteger.ONE)) {
                    texts.add(n.multiply(step).toString());
                }
                return Expression.oneOf(texts);
            }
        }
        String digits = step.toString();
        if (digits.matches("10+")) {
            return powerOfTen(digits.substring(1), low, high);
        }
        boolean allFromZero = high.isEmpty() && (low.isEmpty() || low.get().signum() == 0);
        if (!allFromZero || step.compareTo(BigInteger.valueOf(LARGEST_DIVISOR)) > 0) {
            throw SchemaFault.unsupported(
                    divisor.pointer(),
                    "a multiple of " + step + " in so wide a range; up to " + MOST_LISTED
                            + " numbers in all, or a divisor up to " + LARGEST_DIVISOR
                            + " with no limit but 0, would do");
        }
        Expression positive = new Remainders(step.intValueExact(), rules).positive();
        Expression signed = low.isPresent() ? positive : sequence(Expression.optional(text("-")), positive);
        return choice(text("0"), signed);
    }

    /** The smallest n for which n × step is not below a number. */
    private static BigInteger ceiling(BigInteger number, BigInteger step) {
        BigInteger[] parts = number.divideAndRemainder(step);
        return parts[1].signum() > 0 ? parts[0].add(BigInteger.ONE) : parts[0];
    }

    private static Expression powerOfTen(String zeros, Optional<BigInteger> low, Optional<BigInteger> high) {
        Range scaled = new Range(low.map(NumberRules::inclusive), high.map(NumberRules::inclusive));
        BigInteger from = scaled.low
                .map(NumberRules::lowest)
                .orElseGet(() -> farthest(scaled.high).negate());
        BigInteger to = scaled.high.map(NumberRules::highest).orElseGet(() -> farthest(scaled.low));
        List<Expression> parts = new ArrayList<>();
        if (from.signum() <= 0 && to.signum() >= 0) {
            parts.add(text("0"));
        }
        parts.add(sequence(integers(from.max(BigInteger.ONE), to), text(zeros)));
        parts.add(sequence(integers(from, to.min(BigInteger.ONE.negate())), text(zeros)));
        return choice(parts);
    }

    private static Bound inclusive(BigInteger value) {
        return new Bound(new BigDecimal(value), true);
    }

    /** Digits read from the left, with the remainder so far. */
    private record Remainders(int divisor, Map<String, Expression> rules) {
        Expression positive() {
            for (int left = 0; left < MOST_DIGITS; left++) {
                for (int remainder = 0; remainder < divisor; remainder++) {
                    List<Expression> parts = new ArrayList<>();
                    if (remainder == 0) {
                        parts.add(Expression.EMPTY);
                    }
                    if (left > 0) {
                        parts.addAll(digits(remainder, left - 1, 0));
                    }
                    rules.put(name(remainder, left), choice(parts));
                }
            }
            return choice(digits(0, MOST_DIGITS - 1, 1));
        }

        private List<Expression> digits(int remainder, int left, int first) {
            List<Expression> parts = new ArrayList<>();
            for (int digit = first; digit <= 9; digit++) {
                int next = (10 * remainder + digit) % divisor;
                parts.add(sequence(
                        Expression.one(CodePoints.range('0' + digit, '0' + digit)), new Rule(name(next, left))));
            }
            return parts;
        }

        private String name(int remainder, int left) {
            return "remainder " + remainder + " of " + divisor + ", " + left + " digits";
        }
    }
}
