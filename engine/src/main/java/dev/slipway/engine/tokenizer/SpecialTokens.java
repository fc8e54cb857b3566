package dev.slipway.engine.tokenizer;

import java.util.OptionalInt;
import java.util.Set;

/**
 * The tokens with a role, and what a model expects around a text.
 *
 * @param bos begins a sequence
 * @param eos ends a sequence
 * @param unknown stands for text that the vocabulary cannot express
 * @param endOfGeneration every token that ends an answer
 * @param addBos whether {@code bos} belongs before a text
 * @param addSpacePrefix whether a SentencePiece vocabulary reads a text as if a space came before it
 */
public record SpecialTokens(
        OptionalInt bos,
        OptionalInt eos,
        OptionalInt unknown,
        Set<Integer> endOfGeneration,
        boolean addBos,
        boolean addSpacePrefix) {
    /** No token has a role. */
    public static final SpecialTokens NONE =
            new SpecialTokens(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Set.of(), false, false);

    public SpecialTokens {
        endOfGeneration = Set.copyOf(endOfGeneration);
    }
}
