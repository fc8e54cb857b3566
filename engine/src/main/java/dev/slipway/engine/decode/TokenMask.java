package dev.slipway.engine.decode;

/** Says which tokens may come next, before anything else about them is considered. */
@FunctionalInterface
interface TokenMask {
    /** Every token may come. */
    TokenMask ALL = (logits, offset, count) -> {};

    /** Sets the logits of tokens that may not come to negative infinity. */
    void apply(float[] logits, int offset, int count);
}
