package dev.slipway.engine.kernel;

/**
 * The types of 256 weights per block. A block has f16 factors for all, and for each 16 or 32 weights a small whole number
 * that makes their scale (and minimum) of it.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h">ggml's block structures</a>
 */
final class SuperBlocks {

    private SuperBlocks() {}

    private static int at(byte[] data, int at) {
        return data[at] & 0xFF;
    }

    /**
     * 16 bytes of scale (lower half) and minimum (upper half), 64 bytes of codes, factor of scales, factor of minimums.
     * In each half of 128 weights a byte holds four that are 32 apart.
     */
    static void q2(RowCodes out, byte[] data, int block, int first, int unit) {
        float factor = RowCodes.half(data, block + 80);
        float minimumFactor = RowCodes.half(data, block + 82);
        for (int u = 0; u < 16; u++) {
            int pair = at(data, block + u);
            out.scales[unit + u] = factor * (pair & 15);
            out.minimums[unit + u] = -(minimumFactor * (pair >> 4));
        }
        for (int i = 0; i < 256; i++) {
            out.codes[first + i] = (byte) (at(data, block + 16 + quarter(i)) >> shift(i) & 3);
        }
    }

    /** The byte that holds two bits of a weight, in each half of 128 weights; the same for Q2_K and Q3_K. */
    private static int quarter(int i) {
        return (i >> 7) * 32 + (i & 31);
    }

    private static int shift(int i) {
        return (i >> 5 & 3) * 2;
    }

    /** 32 bytes of third bits, 64 bytes of codes as in Q2_K, 12 bytes of scales of 6 bits less 32, factor. */
    static void q3(RowCodes out, byte[] data, int block, int first, int unit) {
        float factor = RowCodes.half(data, block + 108);
        for (int u = 0; u < 16; u++) {
            int low = at(data, block + 96 + (u & 7)) >> (u >> 3) * 4 & 15;
            int high = at(data, block + 104 + (u & 3)) >> (u >> 2) * 2 & 3;
            out.scales[unit + u] = factor * ((low | high << 4) - 32);
        }
        for (int i = 0; i < 256; i++) {
            int low = at(data, block + 32 + quarter(i)) >> shift(i) & 3;
            int high = at(data, block + (i & 31)) >> (i >> 5) & 1;
            out.codes[first + i] = (byte) (low | high << 2);
        }
    }

    /** Factors of scales and of minimums, 12 bytes with eight of each in 6 bits, 128 bytes of codes. */
    static void q4(RowCodes out, byte[] data, int block, int first, int unit) {
        scalesOf6Bits(out, data, block, unit);
        halves(out, data, block + 16, first);
    }

    /** As Q4_K, with 32 bytes of fifth bits before the codes. */
    static void q5(RowCodes out, byte[] data, int block, int first, int unit) {
        scalesOf6Bits(out, data, block, unit);
        halves(out, data, block + 48, first);
        for (int i = 0; i < 256; i++) {
            int high = at(data, block + 16 + (i & 31)) >> (i >> 5) & 1;
            out.codes[first + i] |= (byte) (high << 4);
        }
    }

    private static void scalesOf6Bits(RowCodes out, byte[] data, int block, int unit) {
        float factor = RowCodes.half(data, block);
        float minimumFactor = RowCodes.half(data, block + 2);
        for (int u = 0; u < 8; u++) {
            int scale;
            int minimum;
            if (u < 4) {
                scale = at(data, block + 4 + u) & 63;
                minimum = at(data, block + 8 + u) & 63;
            } else {
                int low = at(data, block + 8 + u);
                scale = low & 15 | at(data, block + u) >> 6 << 4;
                minimum = low >> 4 | at(data, block + 4 + u) >> 6 << 4;
            }
            out.scales[unit + u] = factor * scale;
            out.minimums[unit + u] = -(minimumFactor * minimum);
        }
    }

    /** Half bytes: of each 64 weights, the first 32 are the lower halves. */
    private static void halves(RowCodes out, byte[] data, int from, int first) {
        for (int i = 0; i < 256; i++) {
            int pair = at(data, from + (i >> 6) * 32 + (i & 31));
            out.codes[first + i] = (byte) (pair >> (i >> 5 & 1) * 4 & 15);
        }
    }

    /** 128 bytes of lower halves, 64 bytes of upper two bits, 16 signed scales, factor. */
    static void q6(RowCodes out, byte[] data, int block, int first, int unit) {
        float factor = RowCodes.half(data, block + 208);
        for (int u = 0; u < 16; u++) {
            out.scales[unit + u] = factor * data[block + 192 + u];
        }
        for (int i = 0; i < 256; i++) {
            int half = i >> 7;
            int low = at(data, block + half * 64 + (i & 63)) >> (i >> 6 & 1) * 4 & 15;
            int high = at(data, block + 128 + half * 32 + (i & 31)) >> shift(i) & 3;
            out.codes[first + i] = (byte) (low | high << 4);
        }
    }

    /** Factor, 16 bits and 4 bytes that hold eight scales of 6 bits less 32, then eight times 32 weights as in IQ4_NL. */
    static void iq4(RowCodes out, byte[] data, int block, int first, int unit) {
        float factor = RowCodes.half(data, block);
        int upper = at(data, block + 2) | at(data, block + 3) << 8;
        for (int u = 0; u < 8; u++) {
            int low = at(data, block + 4 + u / 2) >> (u & 1) * 4 & 15;
            out.scales[unit + u] = factor * ((low | (upper >> 2 * u & 3) << 4) - 32);
        }
        for (int i = 0; i < 256; i++) {
            int pair = at(data, block + 8 + (i >> 5) * 16 + (i & 15));
            out.codes[first + i] = (byte) (pair >> (i >> 4 & 1) * 4 & 15);
        }
    }
}
