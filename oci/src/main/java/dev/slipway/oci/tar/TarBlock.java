package dev.slipway.oci.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** One block of 512 bytes, and the ways in which headers write numbers and text in it. */
final class TarBlock {
    private static final int CHECK_SUM = 148;
    private static final int CHECK_SUM_END = 156;

    private final byte[] bytes = new byte[TarSource.BLOCK];

    /** Reads the next block; false at the end of the bytes. */
    boolean read(TarSource source) throws IOException {
        return source.block(bytes);
    }

    int flag(int at) {
        return bytes[at] & 0xff;
    }

    boolean isZero() {
        for (byte value : bytes) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    void requireCheckSum() {
        int unsigned = 0;
        int signed = 0;
        for (byte value : bytes) {
            unsigned += value & 0xff;
            signed += value;
        }
        // The field itself counts as spaces.
        for (int i = CHECK_SUM; i < CHECK_SUM_END; i++) {
            unsigned += ' ' - (bytes[i] & 0xff);
            signed += ' ' - bytes[i];
        }
        long stored = number(CHECK_SUM, CHECK_SUM_END - CHECK_SUM);
        if (stored != unsigned && stored != signed) {
            throw TarSource.invalid("a header's check sum is wrong");
        }
    }

    /** A number in octal digits, or in base 256 when the field's first bit is set (GNU). */
    long number(int at, int length) {
        return (bytes[at] & 0x80) != 0 ? binary(at, length) : octal(at, length);
    }

    private long binary(int at, int length) {
        boolean negative = (bytes[at] & 0x40) != 0;
        long value = negative ? -1 : 0;
        for (int i = at; i < at + length; i++) {
            int digit = i == at ? (negative ? bytes[i] | 0x80 : bytes[i] & 0x3f) & 0xff : bytes[i] & 0xff;
            if (value > Long.MAX_VALUE >> 8 || value < Long.MIN_VALUE >> 8) {
                throw TarSource.invalid("a number is out of range");
            }
            value = value << 8 | digit;
        }
        return value;
    }

    private long octal(int at, int length) {
        long value = 0;
        boolean digits = false;
        for (int i = at; i < at + length; i++) {
            int letter = bytes[i] & 0xff;
            if (letter >= '0' && letter <= '7') {
                value = value << 3 | (letter - '0');
                digits = true;
            } else if ((letter == ' ' || letter == 0) && digits) {
                return value;
            } else if (letter != ' ' && letter != 0) {
                throw TarSource.invalid("a number in a header is malformed");
            }
        }
        return value;
    }

    /** Bytes up to the first zero, one in each char. */
    String text(int at, int length) {
        int end = at;
        while (end < at + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, at, end - at, StandardCharsets.ISO_8859_1);
    }
}
