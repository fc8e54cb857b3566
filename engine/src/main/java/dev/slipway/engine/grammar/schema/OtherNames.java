package dev.slipway.engine.grammar.schema;

import static dev.slipway.engine.grammar.Expression.sequence;
import static dev.slipway.engine.grammar.Expression.text;

import dev.slipway.engine.grammar.CodePoints;
import dev.slipway.engine.grammar.Expression;
import dev.slipway.engine.grammar.Expression.Repeat;
import dev.slipway.engine.grammar.GrammarFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Names of members other than those that are taken. Written without escapes, so that no taken name comes in another
 * spelling.
 */
final class OtherNames {
    private static final CodePoints PLAIN =
            CodePoints.range(0, 0x1F).or(CodePoints.of("\"\\")).not();
    private static final Expression ANY = Expression.one(PLAIN);

    private static final int LONGEST = 500;

    private final Set<String> taken;

    OtherNames(Set<String> taken) {
        this.taken = taken;
    }

    /** The names, at least one character long, in quotes. */
    Expression quoted() {
        for (String name : taken) {
            if (name.length() > LONGEST) {
                throw GrammarFault.tooLarge("The JSON schema names a property with more than " + LONGEST
                        + " characters, and has others that it does not name.");
            }
        }
        return sequence(text("\""), rest(new TreeSet<>(taken), 0), text("\""));
    }

    /** What follows when so much of these taken names has been written. */
    private static Expression rest(Set<String> open, int at) {
        Map<Integer, Set<String>> byNext = new TreeMap<>();
        boolean isTaken = at == 0;
        for (String name : open) {
            if (name.length() == at) {
                isTaken = true;
            } else {
                byNext.computeIfAbsent(name.codePointAt(at), _ -> new TreeSet<>())
                        .add(name);
            }
        }
        List<Expression> ways = new ArrayList<>();
        if (!isTaken) {
            ways.add(Expression.EMPTY);
        }
        CodePoints others = PLAIN;
        for (Map.Entry<Integer, Set<String>> next : byNext.entrySet()) {
            int point = next.getKey();
            CodePoints one = CodePoints.range(point, point);
            others = others.without(one);
            if (!PLAIN.and(one).isEmpty()) {
                ways.add(sequence(Expression.one(one), rest(next.getValue(), at + Character.charCount(point))));
            }
        }
        ways.add(sequence(Expression.one(others), new Repeat(ANY, 0, Expression.UNLIMITED)));
        return Expression.choice(ways);
    }
}
