package dev.slipway.engine.grammar.schema;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.grammar.CodePoints;
import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.UnitPool;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads regular expressions of ECMA-262 as {@code pattern} has them: characters, classes, groups, alternatives and
 * counts, with {@code ^} and {@code $} at the ends of an alternative of the whole. Refused by name: assertions, references
 * back, named properties of Unicode.
 */
final class Regex {
    private static final int LONGEST = 10_000;
    private static final int DEEPEST = 100;
    private static final int MOST = Integer.MAX_VALUE - 1;

    private static final CodePoints DIGITS = CodePoints.range('0', '9');
    private static final CodePoints WORD =
            DIGITS.or(CodePoints.range('a', 'z')).or(CodePoints.range('A', 'Z')).or(CodePoints.of("_"));
    private static final CodePoints SPACE = CodePoints.of(
                    "\t\n\u000B\f\r \u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF")
            .or(CodePoints.range(0x2000, 0x200A));
    private static final CodePoints LINE_ENDS = CodePoints.of("\n\r\u2028\u2029");

    private final String text;
    private final String pointer;
    private final UnitPool units;
    private int at;
    private int depth;

    private Regex(String text, String pointer, UnitPool units) {
        this.text = text;
        this.pointer = pointer;
        this.units = units;
    }

    /**
     * The strings that a pattern finds something in, without quotes.
     *
     * @param units how a character out of a set is written
     */
    static Expression parse(String pattern, String pointer, UnitPool units) {
        if (pattern.length() > LONGEST) {
            throw SchemaFault.unsupported(pointer, "a pattern of more than " + LONGEST + " characters");
        }
        return new Regex(pattern, pointer, units).whole();
    }

    private Expression one(CodePoints points) {
        return new Expression.One(units.of(points));
    }

    private Expression whole() {
        Expression anything = new Repeat(one(CodePoints.ALL), 0, Expression.UNLIMITED);
        List<Expression> alternatives = new ArrayList<>();
        do {
            boolean fromStart = take('^');
            Expression middle = sequence();
            boolean toEnd = take('$');
            if (at < text.length() && text.charAt(at) != '|') {
                throw refused("'" + text.charAt(at) + "' in this place");
            }
            List<Expression> parts = new ArrayList<>();
            if (!fromStart) {
                parts.add(anything);
            }
            parts.add(middle);
            if (!toEnd) {
                parts.add(anything);
            }
            alternatives.add(parts.size() == 1 ? middle : new Expression.Sequence(parts));
        } while (take('|'));
        return Expression.choice(alternatives);
    }

    private Expression alternatives() {
        if (++depth > DEEPEST) {
            throw refused("groups nested more than " + DEEPEST + " deep");
        }
        List<Expression> alternatives = new ArrayList<>();
        do {
            alternatives.add(sequence());
        } while (take('|'));
        depth--;
        return Expression.choice(alternatives);
    }

    private Expression sequence() {
        List<Expression> parts = new ArrayList<>();
        while (at < text.length() && "|)$".indexOf(text.charAt(at)) < 0) {
            parts.add(counted(atom()));
        }
        return parts.size() == 1 ? parts.getFirst() : new Expression.Sequence(parts);
    }

    private Expression atom() {
        char letter = text.charAt(at);
        switch (letter) {
            case '(' -> {
                return group();
            }
            case '[' -> {
                return one(characterClass());
            }
            case '.' -> {
                at++;
                return one(LINE_ENDS.not());
            }
            case '^' -> throw refused("'^' in the middle");
            case '*', '+', '?' -> throw SchemaFault.invalid(pointer, "nothing to repeat before '" + letter + "'");
            default -> {
                if (letter == '{' && text.substring(at).matches("(?s)\\{\\d+(,\\d*)?}.*")) {
                    throw SchemaFault.invalid(pointer, "nothing to repeat before a count");
                }
                return one(letter == '\\' ? escape(false) : single());
            }
        }
    }

    private CodePoints single() {
        int point = text.codePointAt(at);
        at += Character.charCount(point);
        return CodePoints.range(point, point);
    }

    private Expression group() {
        at++;
        if (take('?')) {
            if (text.startsWith("<", at) && !text.startsWith("<=", at) && !text.startsWith("<!", at)) {
                int close = text.indexOf('>', at);
                at = close < 0 ? text.length() : close + 1;
            } else if (!take(':')) {
                throw refused("an assertion '(?" + (at < text.length() ? text.charAt(at) : ' ') + "'");
            }
        }
        Expression inner = alternatives();
        if (!take(')')) {
            throw at < text.length()
                    ? refused("'$' in the middle")
                    : SchemaFault.invalid(pointer, "a group is not closed");
        }
        return inner;
    }

    private Expression counted(Expression atom) {
        if (at == text.length()) {
            return atom;
        }
        Expression counted = switch (text.charAt(at)) {
            case '?' -> repeat(atom, 0, 1);
            case '*' -> repeat(atom, 0, Expression.UNLIMITED);
            case '+' -> repeat(atom, 1, Expression.UNLIMITED);
            case '{' -> braces(atom);
            default -> atom;
        };
        if (counted != atom) {
            // Which match is preferred changes nothing about which texts match.
            take('?');
        }
        return counted;
    }

    private Expression repeat(Expression atom, int least, int most) {
        at++;
        return new Repeat(atom, least, most);
    }

    private Expression braces(Expression atom) {
        int close = text.indexOf('}', at);
        String inside = close < 0 ? "" : text.substring(at + 1, close);
        if (!inside.matches("\\d{1,9}(,\\d{0,9})?")) {
            throw SchemaFault.invalid(pointer, "a '{' that begins no count; write \\{ for the character");
        }
        at = close + 1;
        String[] bounds = inside.split(",", -1);
        int least = Integer.parseInt(bounds[0]);
        int most = bounds.length == 1
                ? least
                : bounds[1].isEmpty() ? Expression.UNLIMITED : Math.min(MOST, Integer.parseInt(bounds[1]));
        if (most != Expression.UNLIMITED && most < least) {
            throw SchemaFault.invalid(pointer, "a count of " + least + " to " + most);
        }
        return new Repeat(atom, least, most);
    }

    private CodePoints characterClass() {
        at++;
        boolean negated = take('^');
        List<CodePoints> runs = new ArrayList<>();
        while (at < text.length() && text.charAt(at) != ']') {
            CodePoints first = text.charAt(at) == '\\' ? escape(true) : single();
            boolean range = at + 1 < text.length() && text.charAt(at) == '-' && text.charAt(at + 1) != ']';
            if (range) {
                at++;
                CodePoints last = text.charAt(at) == '\\' ? escape(true) : single();
                if (!first.single() || !last.single() || last.first() < first.first()) {
                    throw SchemaFault.invalid(pointer, "a range of characters that is none");
                }
                first = CodePoints.range(first.first(), last.first());
            }
            runs.add(first);
        }
        if (!take(']')) {
            throw SchemaFault.invalid(pointer, "a character class is not closed");
        }
        CodePoints points = CodePoints.union(runs);
        return negated ? points.not() : points;
    }

    private CodePoints escape(boolean inClass) {
        at++;
        if (at == text.length()) {
            throw SchemaFault.invalid(pointer, "it ends in the middle of an escape");
        }
        char letter = text.charAt(at++);
        return switch (letter) {
            case 'd' -> DIGITS;
            case 'D' -> DIGITS.not();
            case 'w' -> WORD;
            case 'W' -> WORD.not();
            case 's' -> SPACE;
            case 'S' -> SPACE.not();
            case 't' -> CodePoints.of("\t");
            case 'n' -> CodePoints.of("\n");
            case 'r' -> CodePoints.of("\r");
            case 'f' -> CodePoints.of("\f");
            case 'v' -> CodePoints.of("\u000B");
            case '0' -> CodePoints.range(0, 0);
            case 'x' -> hex(2);
            case 'u' -> unicode();
            case 'b' -> {
                if (!inClass) {
                    throw refused("'\\b'");
                }
                yield CodePoints.of("\b");
            }
            default -> {
                if ((letter >= 'a' && letter <= 'z')
                        || (letter >= 'A' && letter <= 'Z')
                        || (letter >= '1' && letter <= '9')) {
                    throw refused("'\\" + letter + "'");
                }
                at--;
                yield single();
            }
        };
    }

    private CodePoints unicode() {
        if (!text.startsWith("{", at)) {
            return hex(4);
        }
        int close = text.indexOf('}', at);
        String digits = close < 0 ? "" : text.substring(at + 1, close);
        if (!digits.matches("[0-9a-fA-F]{1,6}") || Integer.parseInt(digits, 16) > Character.MAX_CODE_POINT) {
            throw SchemaFault.invalid(pointer, "an escape that is no character");
        }
        at = close + 1;
        int point = Integer.parseInt(digits, 16);
        return CodePoints.range(point, point);
    }

    private CodePoints hex(int digits) {
        if (!text.regionMatches(at, text, at, digits)
                || !text.substring(at, at + digits).matches("[0-9a-fA-F]+")) {
            throw SchemaFault.invalid(pointer, "an escape with fewer than " + digits + " hexadecimal digits");
        }
        int point = Integer.parseInt(text, at, at + digits, 16);
        at += digits;
        return CodePoints.range(point, point);
    }

    private boolean take(char letter) {
        if (at < text.length() && text.charAt(at) == letter) {
            at++;
            return true;
        }
        return false;
    }

    private EngineException refused(String what) {
        return SchemaFault.unsupported(pointer, "a pattern with " + what);
    }
}
