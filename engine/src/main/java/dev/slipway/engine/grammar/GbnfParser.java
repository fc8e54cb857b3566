package dev.slipway.engine.grammar;

import dev.slipway.engine.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads grammars in GBNF, the notation of llama.cpp: {@code name ::= …} with texts in quotes, character classes, groups,
 * alternatives, {@code ? * + {m} {m,} {m,n}}, {@code .} for any character and comments from {@code #} on. A rule ends
 * with its line, but within parentheses and behind {@code ::=} and {@code |} lines may be broken. The text begins at
 * {@code root}.
 *
 * <p>Refused: rules that begin with themselves, rules defined twice, tokens in angle brackets.
 */
public final class GbnfParser {
    /** Longest grammar, in UTF-16 units. */
    static final int LONGEST = 1 << 20;

    private static final int DEEPEST = 200;
    private static final int MOST_STACKED = 8;
    private static final int MOST_PARTS = 100_000;
    private static final int MOST_REPETITIONS = Integer.MAX_VALUE - 1;

    private final GbnfText in;
    private final Map<String, Expression> rules = new LinkedHashMap<>();
    private final Map<String, Integer> firstUse = new LinkedHashMap<>();
    private final UnitPool units = new UnitPool(Unit::of);
    private int depth;
    private int parts;

    private GbnfParser(String text) {
        this.in = new GbnfText(text);
    }

    /**
     * Reads a grammar.
     *
     * @throws EngineException {@code engine.invalid-grammar} with line and column, {@code engine.grammar-too-large}
     */
    public static Rules parse(String text) {
        if (text.length() > LONGEST) {
            throw GrammarFault.tooLarge("The grammar has more than " + LONGEST + " characters.");
        }
        return new GbnfParser(text).all();
    }

    private Rules all() {
        in.skipSpace(true);
        while (!in.atEnd()) {
            rule();
            in.skipSpace(true);
        }
        firstUse.forEach((name, place) -> {
            if (!rules.containsKey(name)) {
                throw in.error(place, "the rule '" + name + "' is not defined");
            }
        });
        if (!rules.containsKey("root")) {
            throw in.error(in.place(), "there is no rule 'root'");
        }
        return new Rules(rules, "root");
    }

    private void rule() {
        int begin = in.place();
        String name = in.name();
        in.skipSpace(false);
        in.expect("::=");
        in.skipSpace(true);
        if (rules.containsKey(name)) {
            throw in.error(begin, "the rule '" + name + "' is defined twice");
        }
        rules.put(name, alternatives(false));
        if (!in.atEnd() && !in.atLineEnd()) {
            throw in.error(in.place(), "expected the end of the rule, found " + in.found());
        }
    }

    private Expression alternatives(boolean nested) {
        if (++depth > DEEPEST) {
            throw in.error(in.place(), "groups are nested more than " + DEEPEST + " deep");
        }
        List<Expression> alternatives = new ArrayList<>();
        alternatives.add(sequence(nested));
        while (in.take('|')) {
            in.skipSpace(true);
            alternatives.add(sequence(nested));
        }
        depth--;
        return Expression.choice(alternatives);
    }

    private Expression sequence(boolean nested) {
        List<Expression> sequence = new ArrayList<>();
        while (!in.atEnd() && !in.at('|') && !in.at(')') && (nested || !in.atLineEnd())) {
            Expression part = part();
            in.skipSpace(nested);
            for (int times = 0; in.at('?') || in.at('*') || in.at('+') || in.at('{'); times++) {
                if (times == MOST_STACKED) {
                    throw in.error(in.place(), "more than " + MOST_STACKED + " repetitions of one another");
                }
                part = repeated(part);
                in.skipSpace(nested);
            }
            sequence.add(part);
        }
        return sequence.size() == 1 ? sequence.getFirst() : new Expression.Sequence(sequence);
    }

    private Expression part() {
        if (++parts > MOST_PARTS) {
            throw GrammarFault.tooLarge("The grammar has more than " + MOST_PARTS + " parts.");
        }
        if (in.at('"')) {
            return Expression.text(in.literal());
        }
        if (in.at('[')) {
            return new Expression.One(units.of(in.characterClass()));
        }
        if (in.take('.')) {
            return new Expression.One(units.of(CodePoints.ALL));
        }
        int begin = in.place();
        if (in.take('(')) {
            in.skipSpace(true);
            Expression inner = alternatives(true);
            if (!in.take(')')) {
                throw in.error(in.place(), "expected ')' for the '(' at " + in.where(begin) + ", found " + in.found());
            }
            return inner;
        }
        if (!in.atName()) {
            throw in.error(begin, "expected a text, a character class, a rule or a group, found " + in.found());
        }
        String name = in.name();
        firstUse.putIfAbsent(name, begin);
        return new Expression.Rule(name);
    }

    private Expression repeated(Expression part) {
        if (++parts > MOST_PARTS) {
            throw GrammarFault.tooLarge("The grammar has more than " + MOST_PARTS + " parts.");
        }
        if (in.take('?')) {
            return Expression.optional(part);
        }
        if (in.take('*')) {
            return new Expression.Repeat(part, 0, Expression.UNLIMITED);
        }
        if (in.take('+')) {
            return new Expression.Repeat(part, 1, Expression.UNLIMITED);
        }
        int begin = in.place();
        in.expect("{");
        in.skipSpace(true);
        int min = in.number(MOST_REPETITIONS);
        in.skipSpace(true);
        int max = min;
        if (in.take(',')) {
            in.skipSpace(true);
            max = in.at('}') ? Expression.UNLIMITED : in.number(MOST_REPETITIONS);
            in.skipSpace(true);
        }
        in.expect("}");
        if (max != Expression.UNLIMITED && max < min) {
            throw in.error(begin, "a repetition of " + min + " to " + max);
        }
        return new Expression.Repeat(part, min, max);
    }
}
