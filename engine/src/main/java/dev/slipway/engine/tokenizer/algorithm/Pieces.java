package dev.slipway.engine.tokenizer.algorithm;

import dev.slipway.engine.EngineException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The tokens of a vocabulary that is spelt in characters.
 *
 * @param ids the id of each piece that text can become
 * @param size the number of ids
 * @param byteTokens the id of each byte's token, -1 where there is none
 * @param unknown stands for what has no token
 */
@SuppressWarnings("ArrayRecordComponent")
public record Pieces(Map<String, Integer> ids, int size, int[] byteTokens, OptionalInt unknown) {
    /** The sign that stands for a space. */
    public static final char SPACE = '▁';

    public Pieces {
        ids = new HashMap<>(ids);
        byteTokens = byteTokens.clone();
    }

    /** No byte has a token. */
    public static int[] noBytes() {
        int[] none = new int[256];
        Arrays.fill(none, -1);
        return none;
    }

    /** The byte that a token such as {@code <0x0A>} stands for, or -1. */
    public static int byteValue(String token) {
        if (token.length() != 6 || !token.startsWith("<0x") || !token.endsWith(">")) {
            return -1;
        }
        int high = Character.digit(token.charAt(3), 16);
        int low = Character.digit(token.charAt(4), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /** Whether no piece holds a space after something else, so that nothing can join two words. */
    boolean stayWithinWords(List<String> texts) {
        return texts.stream().noneMatch(Pieces::reachesIntoNextWord);
    }

    private static boolean reachesIntoNextWord(String token) {
        for (int at = 1; at < token.length(); at++) {
            if (token.charAt(at) == SPACE && token.charAt(at - 1) != SPACE) {
                return true;
            }
        }
        return false;
    }

    /** Appends the tokens of a character's bytes; whether each has one. */
    boolean addBytes(int codePoint, byte[] scratch, TokenBuffer out) {
        boolean half = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
        int length = Utf8.append(half ? 0xFFFD : codePoint, scratch, 0);
        for (int i = 0; i < length; i++) {
            if (byteTokens[scratch[i] & 0xFF] < 0) {
                return false;
            }
        }
        for (int i = 0; i < length; i++) {
            out.add(byteTokens[scratch[i] & 0xFF]);
        }
        return true;
    }

    /** The unknown token, or a refusal that names what cannot be encoded. */
    public int unknownFor(int codePoint) {
        if (unknown.isPresent()) {
            return unknown.getAsInt();
        }
        throw EngineException.invalid(
                "engine.text-not-encodable",
                "The vocabulary has no token for \"" + Character.toString(codePoint) + "\" and none for the unknown.",
                "Leave that character out, or use a model whose vocabulary covers all bytes.");
    }
}
