package dev.slipway.engine;

import java.util.List;

/** What shall become a vector. */
public sealed interface EmbeddingInput {
    /** Text, in which nothing counts as a control token. */
    record Text(String text) implements EmbeddingInput {}

    /** Token ids of the model, without those that it expects around every text. */
    record Tokens(List<Integer> tokens) implements EmbeddingInput {
        public Tokens {
            tokens = List.copyOf(tokens);
        }
    }
}
