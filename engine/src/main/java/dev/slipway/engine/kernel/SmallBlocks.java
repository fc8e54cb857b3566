package dev.slipway.engine.kernel;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The types of 32 weights per block. All begin with an f16 scale (MXFP4 with an exponent), little endian; half bytes hold
 * elements 0 to 15 in their lower and 16 to 31 in their upper halves.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h">ggml's block structures</a>
 */
final class SmallBlocks {
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long TOP_BITS = 0x8080808080808080L;

    private SmallBlocks() {}

    /** Scale, 32 signed bytes. */
    static void q8(RowCodes out, byte[] data, int block, int at, int unit) {
        out.scales[unit] = RowCodes.half(data, block);
        for (int i = 0; i < 32; i += 8) {
            LONG.set(out.codes, at + i, (long) LONG.get(data, block + 2 + i) ^ TOP_BITS);
        }
    }

    /** Scale, 16 pairs of half bytes. */
    static void q4(RowCodes out, byte[] data, int block, int at, int unit, int header) {
        out.scales[unit] = RowCodes.half(data, block);
        nibbles(out, data, block + header, at);
    }

    /** Scale, minimum, 16 pairs of half bytes. */
    static void q4WithMinimum(RowCodes out, byte[] data, int block, int at, int unit) {
        out.minimums[unit] = RowCodes.half(data, block + 2);
        q4(out, data, block, at, unit, 4);
    }

    /** Scale, 32 fifth bits, 16 pairs of half bytes. */
    static void q5(RowCodes out, byte[] data, int block, int at, int unit) {
        q4(out, data, block, at, unit, 6);
        fifthBits(out, (int) INT.get(data, block + 2), at);
    }

    /** Scale, minimum, 32 fifth bits, 16 pairs of half bytes. */
    static void q5WithMinimum(RowCodes out, byte[] data, int block, int at, int unit) {
        out.minimums[unit] = RowCodes.half(data, block + 2);
        q4(out, data, block, at, unit, 8);
        fifthBits(out, (int) INT.get(data, block + 4), at);
    }

    /** A power of two, of which half is the scale because the table has doubled values; 16 pairs of half bytes. */
    static void mxfp4(RowCodes out, byte[] data, int block, int at, int unit) {
        int exponent = data[block] & 0xFF;
        out.scales[unit] = exponent == 0xFF ? Float.NaN : Math.scalb(1f, exponent - 128);
        nibbles(out, data, block + 1, at);
    }

    private static void nibbles(RowCodes out, byte[] data, int from, int at) {
        for (int i = 0; i < 16; i++) {
            int pair = data[from + i];
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
