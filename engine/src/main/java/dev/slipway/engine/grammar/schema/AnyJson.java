package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.choice;
import static dev.slipway.engine.grammar.Expression.optional;
import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.grammar.CodePoints;
import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.One;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.Expression.Rule;
import dev.slipway.engine.grammar.Unit;
import java.util.Map;

/**
 * JSON without a schema. White space is one blank at most, behind a comma or a colon; values of any kind nest up to
 * {@value #DEEPEST} deep; numbers keep to what every reader holds exactly or nearly so.
 */
final class AnyJson {
    /** Deepest nesting where no schema says what comes. */
    static final int DEEPEST = 16;

    static final Expression DIGIT = Expression.one(CodePoints.range('0', '9'));
    static final Expression DIGIT_NOT_0 = Expression.one(CodePoints.range('1', '9'));
    static final Expression COMMA = sequence(text(","), optional(text(" ")));
    static final Expression COLON = sequence(text(":"), optional(text(" ")));

    /** A whole number of at most 18 digits, which 64 bits hold. */
    static final Expression INTEGER =
            choice(text("0"), sequence(optional(text("-")), DIGIT_NOT_0, new Repeat(DIGIT, 0, 17)));

    /** At most 15 digits before the point and behind it, and two of an exponent. */
    static final Expression NUMBER = sequence(
            optional(text("-")),
            choice(text("0"), sequence(DIGIT_NOT_0, new Repeat(DIGIT, 0, 14))),
            optional(sequence(text("."), new Repeat(DIGIT, 1, 15))),
            optional(sequence(
                    Expression.one(CodePoints.of("eE")),
                    optional(Expression.one(CodePoints.of("+-"))),
                    new Repeat(DIGIT, 1, 2))));

    static final Expression BOOLEAN = choice(text("true"), text("false"));
    static final Expression NULL = text("null");

    /** Any character of a string. */
    static final Expression CHARACTER = new One(Unit.jsonAny());

    private AnyJson() {}

    /** A string of so many characters; {@code most} may be {@link Expression#UNLIMITED}. */
    static Expression string(int least, int most) {
        return sequence(text("\""), new Repeat(CHARACTER, least, most), text("\""));
    }

    /** Any string. */
    static Expression string() {
        return string(0, Expression.UNLIMITED);
    }

    /** Any value. */
    static Expression value(Map<String, Expression> rules) {
        return value(rules, 0);
    }

    /** Any object. */
    static Expression object(Map<String, Expression> rules) {
        value(rules, 0);
        return new Rule("any object 0");
    }

    /** Any array. */
    static Expression array(Map<String, Expression> rules) {
        value(rules, 0);
        return new Rule("any array 0");
    }

    private static Expression value(Map<String, Expression> rules, int depth) {
        String name = "any value " + depth;
        if (rules.containsKey(name)) {
            return new Rule(name);
        }
        Expression scalar = choice(string(), NUMBER, BOOLEAN, NULL);
        if (depth == DEEPEST) {
            rules.put(name, scalar);
            return new Rule(name);
        }
        rules.put(name, choice(scalar, new Rule("any object " + depth), new Rule("any array " + depth)));
        Expression inner = value(rules, depth + 1);
        Expression member = sequence(string(), COLON, inner);
        rules.put("any object " + depth, listed("{", member, 0, Expression.UNLIMITED, "}"));
        rules.put("any array " + depth, listed("[", inner, 0, Expression.UNLIMITED, "]"));
        return new Rule(name);
    }

    /** Something several times, with commas between, in brackets. */
    static Expression listed(String open, Expression item, int least, int most, String close) {
        return sequence(text(open), commaSeparated(item, least, most), text(close));
    }

    static Expression commaSeparated(Expression item, int least, int most) {
        if (most == 0) {
            return Expression.EMPTY;
        }
        int more = most == Expression.UNLIMITED ? most : most - 1;
        Expression some = sequence(item, new Repeat(sequence(COMMA, item), Math.max(0, least - 1), more));
        return least == 0 ? optional(some) : some;
    }
}
