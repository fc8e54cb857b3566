package dev.slipway.engine.grammar;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Grammars put together for whole answers. */
public final class AnswerRules {
    private static final String ROOT = "answer";
    private static final Expression SPACE = new Expression.Repeat(Expression.one(CodePoints.of(" \n\r\t")), 0, 8);

    private AnswerRules() {}

    /** A text of one or of the other. */
    public static Rules either(Rules one, Rules other) {
        Map<String, Expression> all = new LinkedHashMap<>();
        one.rules().forEach((name, body) -> all.put("1 " + name, renamed(body, "1 ")));
        other.rules().forEach((name, body) -> all.put("2 " + name, renamed(body, "2 ")));
        all.put(
                ROOT,
                Expression.choice(new Expression.Rule("1 " + one.root()), new Expression.Rule("2 " + other.root())));
        return new Rules(all, ROOT);
    }

    private static Expression renamed(Expression expression, String prefix) {
        return switch (expression) {
            case Expression.Rule(String name) -> new Expression.Rule(prefix + name);
            case Expression.Sequence(List<Expression> parts) ->
                new Expression.Sequence(
                        parts.stream().map(part -> renamed(part, prefix)).toList());
            case Expression.Choice(List<Expression> parts) ->
                new Expression.Choice(
                        parts.stream().map(part -> renamed(part, prefix)).toList());
            case Expression.Repeat(Expression body, int min, int max) ->
                new Expression.Repeat(renamed(body, prefix), min, max);
            case Expression.Text _, Expression.One _ -> expression;
        };
    }

    /** Any text up to a mark, the mark, and then what the rules say. */
    public static Rules behind(String mark, Rules rules) {
        Map<String, Expression> all = new LinkedHashMap<>(rules.rules());
        String name = "behind " + mark;
        all.put(name, Expression.sequence(until(mark, all), SPACE, new Expression.Rule(rules.root())));
        return new Rules(all, name);
    }

    /**
     * One more way of a grammar: what plain rules say, behind a section between two marks.
     *
     * @param whole rules that hold those of {@code plain}
     */
    public static Rules maybeBehind(String open, String close, Rules whole, Rules plain) {
        Map<String, Expression> all = new LinkedHashMap<>(whole.rules());
        String name = "maybe behind " + open;
        Expression section = Expression.sequence(
                SPACE, Expression.text(open), until(close, all), SPACE, new Expression.Rule(plain.root()));
        all.put(name, Expression.choice(new Expression.Rule(whole.root()), section));
        return new Rules(all, name);
    }

    /** Any text that ends with a mark and holds it nowhere else. */
    static Expression until(String mark, Map<String, Expression> rules) {
        int[] points = mark.codePoints().toArray();
        for (int read = 0; read < points.length; read++) {
            List<Expression> ways = new ArrayList<>();
            CodePoints others = CodePoints.ALL;
            for (int point : mark.codePoints().distinct().toArray()) {
                CodePoints one = CodePoints.range(point, point);
                int next = next(points, read, point);
                if (next > 0) {
                    others = others.without(one);
                    Expression rest = next == points.length ? Expression.EMPTY : state(mark, next);
                    ways.add(Expression.sequence(Expression.one(one), rest));
                }
            }
            Expression more = Expression.one(others);
            Expression way = Expression.choice(ways);
            if (read == 0) {
                rules.put(
                        name(mark, 0), Expression.sequence(new Expression.Repeat(more, 0, Expression.UNLIMITED), way));
            } else {
                rules.put(name(mark, read), Expression.choice(way, Expression.sequence(more, state(mark, 0))));
            }
        }
        return state(mark, 0);
    }

    private static String name(String mark, int read) {
        return "until " + mark + " after " + read;
    }

    private static Expression state(String mark, int read) {
        return new Expression.Rule(name(mark, read));
    }

    /** How much of the mark has been read when one more character comes behind its first {@code read}. */
    private static int next(int[] mark, int read, int point) {
        for (int length = read + 1; length > 0; length--) {
            boolean fits = mark[length - 1] == point;
            for (int i = 0; fits && i < length - 1; i++) {
                fits = mark[i] == mark[read - length + 1 + i];
            }
            if (fits) {
                return length;
            }
        }
        return 0;
    }
}
