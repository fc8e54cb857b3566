package dev.slipway.engine.tokenizer.algorithm;

import dev.slipway.engine.tokenizer.split.PieceSink;

/** Turns words into tokens. Safe for use by many threads; what {@link #start} gives is for one. */
public interface WordEncoder {
    /** A sink that appends the tokens of each word it gets. */
    PieceSink start(TokenBuffer out);
}
