package dev.slipway.oracle.forward;

import dev.slipway.model.QuantisationType;
import java.nio.ByteBuffer;

/**
 * Unpacks stored numbers one block at a time, each type straight from its definition in ggml.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h">block layouts</a>
 */
final class BlockDecoder {
    private static final int[] UNEVEN = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};
    private static final double[] FOUR_BIT_FLOATS = {0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6};

    private final ByteBuffer in;

    /** Reads from a little-endian buffer. */
    BlockDecoder(ByteBuffer in) {
        this.in = in;
    }

    /** The numbers of the block that begins at a byte, put into {@code out} from {@code to} on. */
    void decode(QuantisationType type, int at, double[] out, int to) {
        switch (type) {
            case F32 -> out[to] = in.getFloat(at);
            case F16 -> out[to] = half(at);
            case BF16 -> out[to] = Float.intBitsToFloat(in.getShort(at) << 16);
            case Q4_0 -> nibbles(at + 2, out, to, code -> half(at) * (code - 8));
            case Q4_1 -> nibbles(at + 4, out, to, code -> half(at) * code + half(at + 2));
            case Q5_0 -> fiveBits(at + 2, at + 6, out, to, code -> half(at) * (code - 16));
            case Q5_1 -> fiveBits(at + 4, at + 8, out, to, code -> half(at) * code + half(at + 2));
            case Q8_0 -> bytes(at, out, to);
            case IQ4_NL -> nibbles(at + 2, out, to, code -> half(at) * UNEVEN[code]);
            case MXFP4 -> nibbles(at + 1, out, to, code -> Math.scalb(FOUR_BIT_FLOATS[code], unsigned(at) - 127));
            case Q2_K -> twoBits(at, out, to);
            case Q3_K -> threeBits(at, out, to);
            case Q4_K -> groupsOf32(at, at + 16, -1, out, to);
            case Q5_K -> groupsOf32(at, at + 48, at + 16, out, to);
            case Q6_K -> sixBits(at, out, to);
            case IQ4_XS -> unevenGroups(at, out, to);
            default -> throw new IllegalArgumentException("no decoder of " + type);
        }
    }

    private interface Meaning {
        double of(int code);
    }

    private int unsigned(int at) {
        return in.get(at) & 0xFF;
    }

    private double half(int at) {
        return Float.float16ToFloat(in.getShort(at));
    }

    /** 16 bytes: lower halves first, then upper ones. */
    private void nibbles(int at, double[] out, int to, Meaning meaning) {
        for (int i = 0; i < 16; i++) {
            out[to + i] = meaning.of(unsigned(at + i) & 15);
            out[to + 16 + i] = meaning.of(unsigned(at + i) >> 4);
        }
    }

    private void fiveBits(int upper, int lower, double[] out, int to, Meaning meaning) {
        int fifth = in.getInt(upper);
        for (int i = 0; i < 16; i++) {
            out[to + i] = meaning.of((unsigned(lower + i) & 15) | (fifth >>> i & 1) << 4);
            out[to + 16 + i] = meaning.of((unsigned(lower + i) >> 4) | (fifth >>> (i + 16) & 1) << 4);
        }
    }

    private void bytes(int at, double[] out, int to) {
        for (int i = 0; i < 32; i++) {
            out[to + i] = half(at) * in.get(at + 2 + i);
        }
    }

    /** 16 groups of 16; element e has its two bits in byte (e / 128) · 32 + e % 32, at bit 2 · (e / 32 % 4). */
    private void twoBits(int at, double[] out, int to) {
        for (int e = 0; e < 256; e++) {
            int code = unsigned(at + 16 + e / 128 * 32 + e % 32) >> 2 * (e / 32 % 4) & 3;
            int scales = unsigned(at + e / 16);
            out[to + e] = half(at + 80) * (scales & 15) * code - half(at + 82) * (scales >> 4);
        }
    }

    private void threeBits(int at, double[] out, int to) {
        for (int e = 0; e < 256; e++) {
            int low = unsigned(at + 32 + e / 128 * 32 + e % 32) >> 2 * (e / 32 % 4) & 3;
            int high = unsigned(at + e % 32) >> e / 32 & 1;
            int group = e / 16;
            int lowScale = unsigned(at + 96 + group % 8) >> 4 * (group / 8) & 15;
            int highScale = unsigned(at + 104 + group % 4) >> 2 * (group / 4) & 3;
            out[to + e] = half(at + 108) * ((lowScale | highScale << 4) - 32) * ((low | high << 2) - 4);
        }
    }

    /** 8 groups of 32 with six bits of scale and of minimum each, in 12 bytes. */
    private void groupsOf32(int at, int codes, int fifthBits, double[] out, int to) {
        for (int e = 0; e < 256; e++) {
            int group = e / 32;
            int code = unsigned(codes + e / 64 * 32 + e % 32) >> 4 * (group % 2) & 15;
            if (fifthBits >= 0) {
                code |= (unsigned(fifthBits + e % 32) >> group & 1) << 4;
            }
            int packed = at + 4;
            int scale;
            int minimum;
            if (group < 4) {
                scale = unsigned(packed + group) & 63;
                minimum = unsigned(packed + group + 4) & 63;
            } else {
                scale = (unsigned(packed + group + 4) & 15) | (unsigned(packed + group - 4) >> 6) << 4;
                minimum = (unsigned(packed + group + 4) >> 4) | (unsigned(packed + group) >> 6) << 4;
            }
            out[to + e] = half(at) * scale * code - half(at + 2) * minimum;
        }
    }

    private void sixBits(int at, double[] out, int to) {
        for (int e = 0; e < 256; e++) {
            int part = e / 128;
            int within = e % 128;
            int low = unsigned(at + part * 64 + within % 64) >> 4 * (within / 64) & 15;
            int high = unsigned(at + 128 + part * 32 + e % 32) >> 2 * (within / 32) & 3;
            out[to + e] = half(at + 208) * in.get(at + 192 + e / 16) * ((low | high << 4) - 32);
        }
    }

    private void unevenGroups(int at, double[] out, int to) {
        for (int group = 0; group < 8; group++) {
            int low = unsigned(at + 4 + group / 2) >> 4 * (group % 2) & 15;
            int high = in.getShort(at + 2) >> 2 * group & 3;
            double factor = half(at) * ((low | high << 4) - 32);
            nibbles(at + 8 + 16 * group, out, to + 32 * group, code -> factor * UNEVEN[code]);
        }
    }
}
