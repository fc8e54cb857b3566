package dev.slipway.engine.tokenizer.pattern;

import java.util.List;

/** A parsed regular expression. */
sealed interface Node {
    /** Matches nothing, successfully. */
    Node EMPTY = new Sequence(List.of());

    /** One character out of a set. */
    record One(CharacterSet set) implements Node {}

    /** One after the other. */
    record Sequence(List<Node> parts) implements Node {
        public Sequence {
            parts = List.copyOf(parts);
        }
    }

    /** The first that leads to a match. */
    record Choice(List<Node> branches) implements Node {
        public Choice {
            branches = List.copyOf(branches);
        }
    }

    /** How a repetition gives back what it took. */
    enum Greed {
        GREEDY,
        LAZY,
        POSSESSIVE
    }

    /** The same, {@code least} to {@code most} times; {@link #UNBOUNDED} for no end. */
    record Repeat(Node body, int least, int most, Greed greed) implements Node {
        static final int UNBOUNDED = Integer.MAX_VALUE;
    }

    /** Whether what comes next matches, without taking it. */
    record Ahead(Node body, boolean negative) implements Node {}

    /** Whether the character before is in a set. */
    record Behind(CharacterSet set, boolean negative) implements Node {}

    /** A place in the text. */
    enum Place implements Node {
        TEXT_START,
        TEXT_END,
        LINE_START,
        LINE_END,
        WORD_BOUNDARY,
        NO_WORD_BOUNDARY
    }

    /** The least number of characters that a match takes. */
    default int leastLength() {
        return switch (this) {
            case One _ -> 1;
            case Sequence(List<Node> parts) ->
                parts.stream().mapToInt(Node::leastLength).reduce(0, Node::added);
            case Choice(List<Node> branches) ->
                branches.stream().mapToInt(Node::leastLength).min().orElse(0);
            case Repeat(Node body, int least, int _, Greed _) -> Math.min(1 << 20, body.leastLength() * least);
            case Ahead _, Behind _, Place _ -> 0;
        };
    }

    private static int added(int a, int b) {
        return Math.min(1 << 20, a + b);
    }
}
