package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * What stored weights mean: the plain definition of each quantisation type that can be run.
 *
 * <p>Block layouts, little endian: Q8_0 is an f16 scale and 32 signed bytes; Q4_0 is an f16 scale and 16 bytes whose low
 * halves are elements 0 to 15 and whose high halves are elements 16 to 31, each less 8.
 */
public final class StoredFloats {
    /** The types that can be run. */
    public static final Set<QuantisationType> SUPPORTED = Set.of(
            QuantisationType.F32,
            QuantisationType.F16,
            QuantisationType.BF16,
            QuantisationType.Q8_0,
            QuantisationType.Q4_0);

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private StoredFloats() {}

    /** Reads a whole row of a matrix. */
    public static void row(Matrix matrix, int row, float[] out, int outOffset) {
        read(matrix.type(), matrix.data(), matrix.rowOffset(row), 0, matrix.columns(), out, outOffset);
    }

    /**
     * Reads elements {@code from} to {@code to} of the row that begins at byte {@code at}.
     *
     * @param from a multiple of the type's block size
     */
    static void read(QuantisationType type, MemorySegment data, long at, int from, int to, float[] out, int outOffset) {
        for (int i = from; i < to; i++) {
            out[outOffset + i - from] = switch (type) {
                case F32 -> data.get(FLOAT, at + 4L * i);
                case F16 -> Float.float16ToFloat(data.get(SHORT, at + 2L * i));
                case BF16 -> Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
                case Q8_0 -> q8(data, at + (i >> 5) * 34L, i & 31);
                case Q4_0 -> q4(data, at + (i >> 5) * 18L, i & 31);
                default -> throw new IllegalArgumentException("cannot run " + type);
            };
        }
    }

    static float scale(MemorySegment data, long block) {
        return Float.float16ToFloat(data.get(SHORT, block));
    }

    private static float q8(MemorySegment data, long block, int i) {
        return data.get(ValueLayout.JAVA_BYTE, block + 2 + i) * scale(data, block);
    }

    private static float q4(MemorySegment data, long block, int i) {
        int pair = data.get(ValueLayout.JAVA_BYTE, block + 2 + (i & 15));
        int half = i < 16 ? pair & 15 : (pair >> 4) & 15;
        return (half - 8) * scale(data, block);
    }
}
