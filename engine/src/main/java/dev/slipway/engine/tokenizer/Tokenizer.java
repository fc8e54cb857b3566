package dev.slipway.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Turns text into the token ids of one vocabulary, and ids back into bytes. Safe for use by many threads.
 *
 * <p>Neither direction adds or drops a beginning or end of sequence: {@link #addBos} says what the model expects, and
 * whoever builds the prompt acts on it once; {@link #frame} does all of it.
 */
public interface Tokenizer {
    /**
     * The token ids of a text. Tokens that the vocabulary marks as user-defined are always recognised.
     *
     * @param parseSpecial whether text such as {@code <|im_end|>} becomes the control token of that name; text that
     *     comes from outside is encoded with {@code false}, so that it cannot end a turn
     * @throws dev.slipway.engine.EngineException {@code engine.text-not-encodable} when the vocabulary lacks a byte of
     *     the text and has no token for the unknown
     */
    int[] encode(String text, boolean parseSpecial);

    /**
     * The token ids of a text of which parts came from outside. A control token is recognised only where all of its
     * text was written by whoever builds the prompt. Text without the names of control tokens gives the same ids as
     * {@link #encode(String, boolean)}.
     *
     * @param written the UTF-16 units of the text that did not come from outside
     */
    int[] encode(String text, BitSet written);

    /**
     * The token ids of bytes that need not be UTF-8: what is, as {@link #encode(String, boolean)} has it; every other
     * byte by itself.
     *
     * @throws dev.slipway.engine.EngineException {@code engine.text-not-encodable} as above
     */
    default int[] encode(byte[] bytes, boolean parseSpecial) {
        return encode(new String(bytes, StandardCharsets.UTF_8), parseSpecial);
    }

    /** The bytes that a token stands for, which may be part of a character; a control token's are its name. */
    byte[] bytesOf(int token);

    /**
     * Whether a token steers the model and is not part of any text. Marks around tool calls and thinking are text, also
     * where a vocabulary counts them as control, because whoever reads the answer needs them.
     */
    boolean isControl(int token);

    /** Number of token ids; ids run from 0. */
    int vocabularySize();

    /** The token that begins a sequence. */
    OptionalInt bos();

    /** The token that ends a sequence. */
    OptionalInt eos();

    /** Every token after which the model has nothing more to say: the end of a sequence, a turn or a message. */
    Set<Integer> endOfGeneration();

    /** Whether the model expects {@link #bos} before a text that does not hold it already. */
    boolean addBos();

    /** The tokens of one text with all that the model expects around it, such as {@link #bos} and {@link #eos}. */
    default int[] frame(int[] tokens) {
        if (!addBos()) {
            return tokens.clone();
        }
        int[] framed = new int[tokens.length + 1];
        framed[0] = bos().orElseThrow();
        System.arraycopy(tokens, 0, framed, 1, tokens.length);
        return framed;
    }

    /** The tokens of two texts that are read together, with all that the model expects around and between them. */
    default Pair framePair(int[] first, int[] second) {
        int[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        int[] framed = frame(joined);
        return new Pair(framed, new int[framed.length]);
    }

    /**
     * Two texts in one sequence; the arrays are not copied.
     *
     * @param types for each token, which of the texts the model takes it for part of: 0 or 1
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Pair(int[] tokens, int[] types) {}

    /**
     * The text of token ids, names of control tokens included; bytes that are not UTF-8 become U+FFFD. A space that
     * {@link #encode} put in front is taken away again.
     */
    default String decode(int[] tokens) {
        return new String(decodeBytes(tokens), StandardCharsets.UTF_8);
    }

    /** The bytes of token ids, as {@link #decode} has them; ids beyond the vocabulary have none. */
    byte[] decodeBytes(int[] tokens);
}
