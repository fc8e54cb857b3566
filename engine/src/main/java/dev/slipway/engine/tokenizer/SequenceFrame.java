package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.algorithm.TokenBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * The tokens that a model expects around one text or two.
 *
 * @param single the order for one text
 * @param pair the order for two
 */
record SequenceFrame(List<Part> single, List<Part> pair) {
    /** Nothing around a text. */
    static final SequenceFrame BARE =
            new SequenceFrame(List.of(new Text(0, 0)), List.of(new Text(0, 0), new Text(1, 0)));

    SequenceFrame {
        single = List.copyOf(single);
        pair = List.copyOf(pair);
    }

    /** What stands at one place of the order. */
    sealed interface Part {
        /** Which of two texts the model takes it for part of. */
        int type();
    }

    /** A token. */
    record Token(int id, int type) implements Part {}

    /** The first text, as 0, or the second, as 1. */
    record Text(int index, int type) implements Part {}

    /** A token at one end or at both. */
    static SequenceFrame of(OptionalInt before, OptionalInt after) {
        return new SequenceFrame(
                parts(before, List.of(new Text(0, 0)), after),
                parts(before, List.of(new Text(0, 0), new Text(1, 0)), after));
    }

    /** As in BERT: the second of two texts counts as another one, and each has its own closing token. */
    static SequenceFrame ofPairs(OptionalInt before, OptionalInt after) {
        List<Part> single = parts(before, List.of(new Text(0, 0)), after);
        List<Part> pair = new ArrayList<>(single);
        pair.add(new Text(1, 1));
        after.ifPresent(id -> pair.add(new Token(id, 1)));
        return new SequenceFrame(single, pair);
    }

    private static List<Part> parts(OptionalInt before, List<Part> middle, OptionalInt after) {
        List<Part> parts = new ArrayList<>();
        before.ifPresent(id -> parts.add(new Token(id, 0)));
        parts.addAll(middle);
        after.ifPresent(id -> parts.add(new Token(id, 0)));
        return parts;
    }

    /** The token that stands before one text. */
    OptionalInt first() {
        return single.getFirst() instanceof Token(int id, int _) ? OptionalInt.of(id) : OptionalInt.empty();
    }

    /** The token that stands after one text. */
    OptionalInt last() {
        return single.getLast() instanceof Token(int id, int _) ? OptionalInt.of(id) : OptionalInt.empty();
    }

    /** All its tokens. */
    List<Integer> ids() {
        return Stream.concat(single.stream(), pair.stream())
                .flatMap(part -> part instanceof Token(int id, int _) ? Stream.of(id) : Stream.empty())
                .toList();
    }

    int[] around(int[] text) {
        return arrange(single, text, new int[0]).tokens();
    }

    Tokenizer.Pair around(int[] first, int[] second) {
        return arrange(pair, first, second);
    }

    private static Tokenizer.Pair arrange(List<Part> order, int[] first, int[] second) {
        TokenBuffer tokens = new TokenBuffer();
        TokenBuffer types = new TokenBuffer();
        for (Part part : order) {
            int[] ids = switch (part) {
                case Token token -> new int[] {token.id()};
                case Text text -> text.index() == 0 ? first : second;
            };
            for (int id : ids) {
                tokens.add(id);
                types.add(part.type());
            }
        }
        return new Tokenizer.Pair(tokens.toArray(), types.toArray());
    }
}
