package dev.slipway.engine.tokenizer;

import dev.slipway.engine.EngineException;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a tokenizer is made from, whichever file it came out of.
 *
 * @param algorithm how text becomes tokens
 * @param preTokenizer GGUF's name for how text is cut into words before a byte-level merge; unused otherwise
 * @param tokens the text of each token, by id, in the spelling of the algorithm
 * @param kinds the kind of each token
 * @param scores how much a SentencePiece token is preferred; empty when every token weighs the same
 * @param merges for byte-level BPE: {@code left right}, most preferred first
 * @param special the tokens with a role
 * @param rewriting what happens to a text first
 */
@SuppressWarnings("ArrayRecordComponent") // A hundred thousand numbers that nobody compares.
public record Vocabulary(
        Algorithm algorithm,
        String preTokenizer,
        List<String> tokens,
        List<TokenKind> kinds,
        float[] scores,
        List<String> merges,
        SpecialTokens special,
        Rewriting rewriting) {
    /** Most tokens that a vocabulary may have. */
    public static final int MAX_TOKENS = 4_000_000;

    /** Longest text of one token, in UTF-16 units. */
    public static final int MAX_TOKEN_LENGTH = 4_096;

    /** How text becomes tokens. */
    public enum Algorithm {
        /** Bytes, merged by rank within words; GGUF's {@code gpt2}. */
        BYTE_LEVEL_BPE,
        /** Characters, merged by score over the whole text, with single bytes as a last resort; GGUF's {@code llama}. */
        SENTENCE_PIECE_BPE,
        /** The most likely way to spell the text in pieces; GGUF's {@code t5}. */
        UNIGRAM,
        /** Of each word always the longest piece that it begins with; GGUF's {@code bert}. */
        WORD_PIECE
    }

    /**
     * How a SentencePiece vocabulary rewrites a text.
     *
     * @param characterMap which characters become which, precompiled; empty for none
     * @param removeExtraSpaces whether spaces at the ends go and several become one
     * @param specialsTakeSpaceAfter whether white space after a special token belongs to it
     */
    public record Rewriting(byte[] characterMap, boolean removeExtraSpaces, boolean specialsTakeSpaceAfter) {
        /** None. */
        public static final Rewriting NONE = new Rewriting(new byte[0], false, false);
    }

    /** A vocabulary for texts as they are. */
    public Vocabulary(
            Algorithm algorithm,
            String preTokenizer,
            List<String> tokens,
            List<TokenKind> kinds,
            float[] scores,
            List<String> merges,
            SpecialTokens special) {
        this(algorithm, preTokenizer, tokens, kinds, scores, merges, special, Rewriting.NONE);
    }

    public Vocabulary {
        tokens = List.copyOf(tokens);
        kinds = List.copyOf(kinds);
        merges = List.copyOf(merges);
        check(!tokens.isEmpty() && tokens.size() <= MAX_TOKENS, tokens.size() + " tokens", "1 to " + MAX_TOKENS);
        check(kinds.size() == tokens.size(), kinds.size() + " token kinds", "one for each of " + tokens.size());
        check(scores.length == 0 || scores.length == tokens.size(), scores.length + " scores", "none or one a token");
        check(merges.size() <= MAX_TOKENS, merges.size() + " merges", "at most " + MAX_TOKENS);
        for (String token : tokens) {
            check(
                    token.length() <= MAX_TOKEN_LENGTH,
                    "a token of " + token.length() + " characters",
                    "at most " + MAX_TOKEN_LENGTH);
        }
        int size = tokens.size();
        IntStream roles = IntStream.concat(
                IntStream.concat(special.bos().stream(), special.eos().stream()),
                IntStream.concat(
                        IntStream.concat(special.unknown().stream(), special.closing().stream()),
                        special.endOfGeneration().stream().mapToInt(Integer::intValue)));
        roles.forEach(id -> check(id >= 0 && id < size, "a role for token " + id, "ids from 0 to " + (size - 1)));
    }

    private static void check(boolean holds, String found, String allowed) {
        if (!holds) {
            throw EngineException.invalid(
                    "engine.vocabulary-invalid",
                    "The vocabulary has " + found + "; allowed is " + allowed + ".",
                    "Get the model file again, or a newer conversion of it.");
        }
    }
}
