package dev.slipway.engine.tokenizer.algorithm;

/** UTF-8 straight into an array; half a surrogate pair, which has no UTF-8, becomes U+FFFD. */
final class Utf8 {
    private static final int REPLACEMENT = 0xFFFD;

    private Utf8() {}

    /** Writes {@code text[from, to)} to an array with room for three bytes a unit; returns the number of bytes. */
    static int encode(String text, int from, int to, byte[] out) {
        int size = 0;
        for (int at = from; at < to; at++) {
            char unit = text.charAt(at);
            if (unit < 0x80) {
                out[size++] = (byte) unit;
                continue;
            }
            int codePoint = unit;
            if (Character.isSurrogate(unit)) {
                boolean pair =
                        Character.isHighSurrogate(unit) && at + 1 < to && Character.isLowSurrogate(text.charAt(at + 1));
                codePoint = pair ? Character.toCodePoint(unit, text.charAt(++at)) : REPLACEMENT;
            }
            size = append(codePoint, out, size);
        }
        return size;
    }

    /** Writes one character; returns where the next goes. */
    static int append(int codePoint, byte[] out, int at) {
        int size = at;
        if (codePoint < 0x80) {
            out[size++] = (byte) codePoint;
        } else if (codePoint < 0x800) {
            out[size++] = (byte) (0xC0 | codePoint >> 6);
            out[size++] = (byte) (0x80 | codePoint & 0x3F);
        } else if (codePoint < 0x10000) {
            out[size++] = (byte) (0xE0 | codePoint >> 12);
            out[size++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
            out[size++] = (byte) (0x80 | codePoint & 0x3F);
        } else {
            out[size++] = (byte) (0xF0 | codePoint >> 18);
            out[size++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
            out[size++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
            out[size++] = (byte) (0x80 | codePoint & 0x3F);
        }
        return size;
    }
}
