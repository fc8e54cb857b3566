package dev.slipway.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The types of 32 weights per block. All begin with an f16 scale (MXFP4 with an exponent), little endian; half bytes hold
 * elements 0 to 15 in their lower and 16 to 31 in their upper halves.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h">ggml's block structures</a>
 */
final class SmallBlocks {
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfInt INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    private SmallBlocks() {}

    /** Scale, 32 signed bytes. */
    static void q8(RowCodes out, MemorySegment data, long block, int at, int unit) {
        out.scales[unit] = StoredFloats.scale(data, block);
        for (int i = 0; i < 32; i++) {
            out.codes[at + i] = (byte) (data.get(BYTE, block + 2 + i) ^ 0x80);
        }
    }

    /** Scale, 16 pairs of half bytes. */
    static void q4(RowCodes out, MemorySegment data, long block, int at, int unit, int header) {
        out.scales[unit] = StoredFloats.scale(data, block);
        nibbles(out, data, block + header, at);
    }

    /** Scale, minimum, 16 pairs of half bytes. */
    static void q4WithMinimum(RowCodes out, MemorySegment data, long block, int at, int unit) {
        out.minimums[unit] = StoredFloats.scale(data, block + 2);
        q4(out, data, block, at, unit, 4);
    }

    /** Scale, 32 fifth bits, 16 pairs of half bytes. */
    static void q5(RowCodes out, MemorySegment data, long block, int at, int unit) {
        q4(out, data, block, at, unit, 6);
        fifthBits(out, data.get(INT, block + 2), at);
    }

    /** Scale, minimum, 32 fifth bits, 16 pairs of half bytes. */
    static void q5WithMinimum(RowCodes out, MemorySegment data, long block, int at, int unit) {
        out.minimums[unit] = StoredFloats.scale(data, block + 2);
        q4(out, data, block, at, unit, 8);
        fifthBits(out, data.get(INT, block + 4), at);
    }

    /** A power of two, of which half is the scale because the table has doubled values; 16 pairs of half bytes. */
    static void mxfp4(RowCodes out, MemorySegment data, long block, int at, int unit) {
        int exponent = data.get(BYTE, block) & 0xFF;
        out.scales[unit] = exponent == 0xFF ? Float.NaN : Math.scalb(1f, exponent - 128);
        nibbles(out, data, block + 1, at);
    }

    private static void nibbles(RowCodes out, MemorySegment data, long from, int at) {
        for (int i = 0; i < 16; i++) {
            int pair = data.get(BYTE, from + i);
            out.codes[at + i] = (byte) (pair & 15);
            out.codes[at + 16 + i] = (byte) (pair >> 4 & 15);
        }
    }

    private static void fifthBits(RowCodes out, int bits, int at) {
        for (int i = 0; i < 32; i++) {
            out.codes[at + i] |= (byte) ((bits >> i & 1) << 4);
        }
    }
}
