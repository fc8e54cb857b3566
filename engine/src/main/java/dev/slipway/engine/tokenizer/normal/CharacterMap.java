package dev.slipway.engine.tokenizer.normal;

import dev.slipway.engine.EngineException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * SentencePiece's precompiled character map: a double-array trie over UTF-8 (Aoe 1989, as the library Darts lays it
 * out), whose values point at replacements that end with a zero byte.
 *
 * <p>Layout: the size of the trie in bytes as 32 bits, little endian; its units of 32 bits; the replacements.
 */
public final class CharacterMap {
    private static final int MAX_BYTES = 64 << 20;

    private final int[] units;
    private final byte[] replacements;
    private final boolean[] begins = new boolean[256];

    private CharacterMap(int[] units, byte[] replacements) {
        this.units = units;
        this.replacements = replacements;
        for (int first = 0; first < begins.length; first++) {
            begins[first] = units.length > 0 && step(0, first) >= 0;
        }
    }

    /** What a map says of a text's next bytes. */
    public interface Match {
        /** How many bytes are replaced. */
        int length();

        /** Where the replacement begins. */
        int replacement();
    }

    private record Found(int length, int replacement) implements Match {}

    private static final Found NOTHING = new Found(0, 0);

    /**
     * Reads a map.
     *
     * @throws EngineException {@code engine.vocabulary-invalid} when its sizes do not fit
     */
    public static CharacterMap read(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int size = bytes.length < 4 ? -1 : in.getInt();
        if (bytes.length > MAX_BYTES || size < 0 || size % 4 != 0 || size > in.remaining()) {
            throw EngineException.invalid(
                    "engine.vocabulary-invalid",
                    "The tokenizer's character map of " + bytes.length + " bytes names a trie of " + size + " bytes.",
                    "Get the model file again, or a newer conversion of it.");
        }
        int[] units = new int[size / 4];
        in.asIntBuffer().get(units);
        byte[] replacements = new byte[in.remaining() - size];
        in.get(4 + size, replacements);
        return new CharacterMap(units, replacements);
    }

    /** Whether any entry can begin with that byte. */
    boolean begins(int first) {
        return begins[first];
    }

    /** The longest entry that the bytes begin with, or with {@code shortest} the shortest. */
    Match find(byte[] text, int from, int to, boolean shortest) {
        Found found = NOTHING;
        int node = units.length == 0 ? -1 : 0;
        for (int at = from; at < to && node >= 0; at++) {
            node = step(node, text[at] & 0xFF);
            if (node >= 0 && hasValue(units[node])) {
                int value = value(node);
                if (value >= 0) {
                    found = new Found(at + 1 - from, value);
                    if (shortest) {
                        break;
                    }
                }
            }
        }
        return found;
    }

    /** The bytes that a match becomes. */
    String replacement(Match match) {
        int end = match.replacement();
        while (end < replacements.length && replacements[end] != 0) {
            end++;
        }
        return new String(replacements, match.replacement(), end - match.replacement(), StandardCharsets.UTF_8);
    }

    /** The unit that a byte leads to, or -1. */
    private int step(int node, int label) {
        long next = (node ^ offset(units[node]) ^ label) & 0xFFFF_FFFFL;
        return next < units.length && (units[(int) next] & 0x8000_00FF) == label ? (int) next : -1;
    }

    private int value(int node) {
        long leaf = (node ^ offset(units[node])) & 0xFFFF_FFFFL;
        int value = leaf < units.length ? units[(int) leaf] & 0x7FFF_FFFF : -1;
        return value < replacements.length ? value : -1;
    }

    private static boolean hasValue(int unit) {
        return (unit >>> 8 & 1) == 1;
    }

    private static int offset(int unit) {
        return (unit >>> 10) << ((unit & 1 << 9) >>> 6);
    }
}
