package dev.slipway.engine.tokenizer;

import dev.slipway.engine.tokenizer.algorithm.TokenBuffer;
import dev.slipway.engine.tokenizer.algorithm.WordEncoder;
import dev.slipway.engine.tokenizer.normal.TextNormalizer;
import dev.slipway.engine.tokenizer.split.PieceSink;
import dev.slipway.engine.tokenizer.split.Splitter;

/** Encodes text that holds none of the tokens that are found beforehand. */
interface SegmentEncoder {
    /**
     * Appends the tokens of {@code text[from, to)}, which is not empty.
     *
     * @param first whether the text stands at the very start or right after an added token
     * @param control whether control tokens that are looked for in normalised text are wanted
     */
    void encode(String text, int from, int to, boolean first, boolean control, TokenBuffer out);

    /** Whether control tokens are looked for at all. */
    default boolean seeksControl() {
        return false;
    }

    /** Cuts words and encodes them, from the text as it is. */
    static SegmentEncoder plain(Splitter splitter, WordEncoder words) {
        return (text, from, to, first, control, out) ->
                splitter.start(words.start(out)).piece(text, from, to, first);
    }

    /** The parts of a pipeline that normalises first, and looks for more tokens after that. */
    record Normalising(
            TextNormalizer normalizer, AddedTokens userDefined, AddedTokens all, Splitter splitter, WordEncoder words)
            implements SegmentEncoder {
        @Override
        public boolean seeksControl() {
            return all.hasControl();
        }

        @Override
        public void encode(String text, int from, int to, boolean first, boolean control, TokenBuffer out) {
            String normal = normalizer.apply(text.substring(from, to));
            PieceSink sink = splitter.start(words.start(out));
            boolean begin = from == 0;
            (control ? all : userDefined).split(normal, 0, normal.length(), new AddedTokens.Sink() {
                @Override
                public void text(int start, int end) {
                    sink.piece(normal, start, end, begin && start == 0);
                }

                @Override
                public void token(int id) {
                    out.add(id);
                }
            });
        }
    }
}
