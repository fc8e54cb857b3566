package dev.slipway.engine.grammar;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** One side of a grammar's rule. */
public sealed interface Expression {
    /** No limit on how often something comes. */
    int UNLIMITED = -1;

    /** How many beginnings within beginnings are written once. */
    int MOST_SHARED = 100;

    /** Nothing at all. */
    Expression EMPTY = new Sequence(List.of());

    /** No text, not even the empty one. */
    Expression NOTHING = new Choice(List.of());

    /** A fixed text, which may be empty. */
    record Text(String text) implements Expression {}

    /** One character. */
    record One(Unit unit) implements Expression {}

    /** One after the other. */
    record Sequence(List<Expression> parts) implements Expression {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** One of several; of none there is no text. */
    record Choice(List<Expression> parts) implements Expression {
        public Choice {
            parts = List.copyOf(parts);
        }
    }

    /** The same several times, at least {@code min} and at most {@code max}, which may be {@link #UNLIMITED}. */
    record Repeat(Expression body, int min, int max) implements Expression {}

    /** Whatever another rule says. */
    record Rule(String name) implements Expression {}

    static Expression text(String text) {
        return new Text(text);
    }

    static Expression one(CodePoints points) {
        return new One(Unit.of(points));
    }

    static Expression sequence(Expression... parts) {
        return new Sequence(List.of(parts));
    }

    static Expression choice(List<Expression> parts) {
        return parts.size() == 1 ? parts.getFirst() : new Choice(parts);
    }

    static Expression choice(Expression... parts) {
        return choice(List.of(parts));
    }

    static Expression optional(Expression body) {
        return new Repeat(body, 0, 1);
    }

    /** One of many texts; what they begin with in common is written once, so that few ways are open at a time. */
    static Expression oneOf(Collection<String> texts) {
        return oneOf(texts, 0);
    }

    private static Expression oneOf(Collection<String> texts, int depth) {
        if (depth == MOST_SHARED) {
            return choice(texts.stream().map(Expression::text).toList());
        }
        List<Expression> parts = new ArrayList<>();
        Map<Integer, List<String>> byFirst = new TreeMap<>();
        for (String text : texts) {
            if (text.isEmpty()) {
                if (!parts.contains(EMPTY)) {
                    parts.add(EMPTY);
                }
            } else {
                byFirst.computeIfAbsent(text.codePointAt(0), _ -> new ArrayList<>())
                        .add(text);
            }
        }
        byFirst.values()
                .forEach(group -> parts.add(group.size() == 1 ? text(group.getFirst()) : factored(group, depth)));
        return choice(parts);
    }

    private static Expression factored(List<String> texts, int depth) {
        String common = texts.getFirst();
        for (String text : texts) {
            int length = 0;
            while (length < Math.min(common.length(), text.length()) && common.charAt(length) == text.charAt(length)) {
                length++;
            }
            // Half a surrogate pair is no character.
            boolean halved = length > 0 && Character.isHighSurrogate(common.charAt(length - 1));
            common = common.substring(0, halved ? length - 1 : length);
        }
        int cut = common.length();
        return sequence(
                text(common),
                oneOf(texts.stream().map(text -> text.substring(cut)).toList(), depth + 1));
    }
}
