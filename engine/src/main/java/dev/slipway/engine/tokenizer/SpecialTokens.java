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
 * @param closing stands after a text: {@code eos} where the model expects it, a separator in models like BERT
 */
public record SpecialTokens(
        OptionalInt bos,
        OptionalInt eos,
        OptionalInt unknown,
        Set<Integer> endOfGeneration,
        boolean addBos,
        boolean addSpacePrefix,
        OptionalInt closing) {
    /** No token has a role. */
    public static final SpecialTokens NONE =
            new SpecialTokens(OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty(), Set.of(), false, false);

    /** Nothing stands after a text. */
    public SpecialTokens(
            OptionalInt bos,
            OptionalInt eos,
            OptionalInt unknown,
            Set<Integer> endOfGeneration,
            boolean addBos,
            boolean addSpacePrefix) {
        this(bos, eos, unknown, endOfGeneration, addBos, addSpacePrefix, OptionalInt.empty());
    }

    public SpecialTokens {
        endOfGeneration = Set.copyOf(endOfGeneration);
    }
}
