package dev.slipway.engine.tokenizer;

/** One algorithm: encodes text that holds no added token, and knows what its own tokens spell. */
interface SegmentEncoder {
    /**
     * Appends the tokens of {@code text[from, to)}, which is not empty.
     *
     * @param first whether the text stands at the very start or right after an added token
     */
    void encode(String text, int from, int to, boolean first, TokenBuffer out);

    /** The bytes of a {@link TokenKind#NORMAL} token. */
    byte[] bytesOf(String token);
}
