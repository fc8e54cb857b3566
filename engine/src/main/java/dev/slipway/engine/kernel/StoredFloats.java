package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What stored weights mean: the plain definition of each type that can be run. The blocks of quantised types are read by
 * {@link RowCodes}; the two most used are also read straight, which is faster.
 */
public final class StoredFloats {
    /** The types that can be run. */
    public static final Set<QuantisationType> SUPPORTED =
            Collections.unmodifiableSet(Arrays.stream(QuantisationType.values())
                    .filter(type -> isFloat(type) || BlockForms.has(type))
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(QuantisationType.class))));

    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private StoredFloats() {}

    private static boolean isFloat(QuantisationType type) {
        return type == QuantisationType.F32 || type == QuantisationType.F16 || type == QuantisationType.BF16;
    }

    /** Reads a whole row of a matrix. */
    public static void row(Matrix matrix, int row, float[] out, int outOffset) {
        read(matrix.type(), matrix.data(), matrix.rowOffset(row), 0, matrix.columns(), out, outOffset);
    }

    /**
     * Reads elements {@code from} to {@code to} of the row that begins at byte {@code at}.
     *
     * @param from a multiple of the type's block size, as is {@code to}
     */
    static void read(QuantisationType type, MemorySegment data, long at, int from, int to, float[] out, int outOffset) {
        // One loop per type: choosing inside the loop would cost more than the reading.
        switch (type) {
            case F32 -> {
                for (int i = from; i < to; i++) {
                    out[outOffset + i - from] = data.get(FLOAT, at + 4L * i);
                }
            }
            case F16 -> {
                for (int i = from; i < to; i++) {
                    out[outOffset + i - from] = Float.float16ToFloat(data.get(SHORT, at + 2L * i));
                }
            }
            case BF16 -> {
                for (int i = from; i < to; i++) {
                    out[outOffset + i - from] = Float.intBitsToFloat(data.get(SHORT, at + 2L * i) << 16);
                }
            }
            case Q8_0 -> {
                for (int i = from; i < to; i += 32) {
                    q8(data, at + (i >> 5) * 34L, out, outOffset + i - from);
                }
            }
            case Q4_0 -> {
                for (int i = from; i < to; i += 32) {
                    q4(data, at + (i >> 5) * 18L, out, outOffset + i - from);
                }
            }
            default -> {
                if (from < to) {
                    RowCodes codes = new RowCodes(type, to - from);
                    codes.read(data, at + type.bytes(from));
                    codes.unpack(out, outOffset);
                }
            }
        }
    }

    static float scale(MemorySegment data, long block) {
        return Float.float16ToFloat(data.get(SHORT, block));
    }

    private static void q8(MemorySegment data, long block, float[] out, int outOffset) {
        float scale = scale(data, block);
        for (int i = 0; i < 32; i++) {
            out[outOffset + i] = data.get(ValueLayout.JAVA_BYTE, block + 2 + i) * scale;
        }
    }

    private static void q4(MemorySegment data, long block, float[] out, int outOffset) {
        float scale = scale(data, block);
        for (int i = 0; i < 16; i++) {
            int pair = data.get(ValueLayout.JAVA_BYTE, block + 2 + i);
            out[outOffset + i] = ((pair & 15) - 8) * scale;
            out[outOffset + i + 16] = (((pair >> 4) & 15) - 8) * scale;
        }
    }
}
