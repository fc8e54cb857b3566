package dev.slipway.engine.tokenizer.split;

/** Receives pieces of a text, one after the other. */
@FunctionalInterface
public interface PieceSink {
    /**
     * Takes {@code text[from, to)}.
     *
     * @param first whether the piece stands at the very beginning of what is encoded
     */
    void piece(String text, int from, int to, boolean first);
}
