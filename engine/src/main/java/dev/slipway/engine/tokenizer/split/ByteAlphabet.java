package dev.slipway.engine.tokenizer.split;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The letters that byte-level vocabularies write bytes with: a printable byte is its own Latin-1 character, the others
 * are numbered from U+0100 in order, so that a space is {@code Ġ} and a line feed {@code Ċ}.
 */
public final class ByteAlphabet {
    private static final char[] LETTERS = new char[256];
    private static final short[] BYTES = new short[0x180];

    static {
        Arrays.fill(BYTES, (short) -1);
        char next = 0x100;
        for (int value = 0; value < 256; value++) {
            boolean printable = (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xAC) || (value >= 0xAE);
            LETTERS[value] = printable ? (char) value : next++;
            BYTES[LETTERS[value]] = (short) value;
        }
    }

    private ByteAlphabet() {}

    public static char letter(int value) {
        return LETTERS[value & 0xFF];
    }

    /** The byte of a letter, or -1 when it is not in the alphabet. */
    public static int value(char letter) {
        return letter < BYTES.length ? BYTES[letter] : -1;
    }

    /** The bytes of a token's text; characters outside the alphabet stand for their own UTF-8 bytes. */
    public static byte[] bytes(String text) {
        byte[] bytes = new byte[text.length()];
        for (int i = 0; i < bytes.length; i++) {
            char letter = text.charAt(i);
            int value = value(letter);
            if (value < 0) {
                return text.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    /** The spelling of bytes in the alphabet. */
    public static String spell(byte[] bytes, int length) {
        char[] letters = new char[length];
        for (int i = 0; i < length; i++) {
            letters[i] = letter(bytes[i]);
        }
        return new String(letters);
    }
}
