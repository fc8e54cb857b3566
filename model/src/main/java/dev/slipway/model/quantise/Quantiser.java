package dev.slipway.model.quantise;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Rounds rows of floats to a smaller type, block by block, each to the nearest value that its own scale allows.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF, ggml_type</a>
 */
public final class Quantiser {
    /** What can be quantised. */
    public static final Set<QuantisationType> SOURCES =
            Collections.unmodifiableSet(EnumSet.of(QuantisationType.F32, QuantisationType.F16, QuantisationType.BF16));

    /** What it can be quantised to. */
    public static final Set<QuantisationType> TARGETS = Collections.unmodifiableSet(EnumSet.of(
            QuantisationType.F16,
            QuantisationType.Q8_0,
            QuantisationType.Q5_1,
            QuantisationType.Q5_0,
            QuantisationType.Q4_1,
            QuantisationType.Q4_0));

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK = 32;

    private Quantiser() {}

    /**
     * Quantises one row.
     *
     * @param from the row's bytes, of a type in {@link #SOURCES}
     * @param to where the result goes, of exactly its length; of a type in {@link #TARGETS}
     */
    public static void row(QuantisationType fromType, MemorySegment from, QuantisationType toType, MemorySegment to) {
        float[] block = new float[BLOCK];
        int elements = Math.toIntExact(from.byteSize() / fromType.blockBytes());
        if (to.byteSize() != toType.bytes(elements)) {
            throw new IllegalArgumentException(elements + " elements in " + to.byteSize() + " bytes of " + toType);
        }
        long out = 0;
        for (int i = 0; i < elements; i += BLOCK) {
            int count = Math.min(BLOCK, elements - i);
            read(fromType, from, i, count, block);
            write(toType, block, count, to, out);
            out += toType.bytes(toType.blockSize() == 1 ? count : BLOCK);
        }
    }

    private static void read(QuantisationType type, MemorySegment from, int first, int count, float[] block) {
        for (int i = 0; i < count; i++) {
            long at = first + i;
            block[i] = switch (type) {
                case F32 -> from.get(FLOAT, 4 * at);
                case F16 -> Float.float16ToFloat(from.get(SHORT, 2 * at));
                case BF16 -> Float.intBitsToFloat(from.get(SHORT, 2 * at) << 16);
                default -> throw new IllegalArgumentException("cannot quantise " + type);
            };
        }
    }

    private static void write(QuantisationType type, float[] block, int count, MemorySegment to, long at) {
        switch (type) {
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    to.set(SHORT, at + 2L * i, Float.floatToFloat16(block[i]));
                }
            }
            case Q8_0 -> bytes(block, to, at);
            case Q4_0 -> symmetric(block, 4, to, at);
            case Q5_0 -> symmetric(block, 5, to, at);
            case Q4_1 -> withMinimum(block, 4, to, at);
            case Q5_1 -> withMinimum(block, 5, to, at);
            default -> throw new IllegalArgumentException("cannot quantise to " + type);
        }
    }

    /** A scale of 16 bits: the one that will be multiplied with, so the one to divide by. */
    private static float put(float scale, MemorySegment to, long at) {
        short stored = Float.floatToFloat16(scale);
        to.set(SHORT, at, stored);
        return Float.float16ToFloat(stored);
    }

    private static int code(float value, float scale, float offset, int most) {
        float ratio = scale == 0 ? 0 : value / scale;
        return Math.clamp((int) Math.floor(ratio + offset + 0.5f), 0, most);
    }

    private static void bytes(float[] block, MemorySegment to, long at) {
        float scale = put(Math.abs(farthest(block)) / 127, to, at);
        for (int i = 0; i < BLOCK; i++) {
            to.set(ValueLayout.JAVA_BYTE, at + 2 + i, (byte) (code(block[i], scale, 128, 255) - 128));
        }
    }

    /** Codes count from minus a half of their range up: the value farthest from zero gets the lowest one. */
    private static void symmetric(float[] block, int bits, MemorySegment to, long at) {
        int half = 1 << (bits - 1);
        float scale = put(farthest(block) / -half, to, at);
        int[] codes = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            codes[i] = code(block[i], scale, half, 2 * half - 1);
        }
        put(codes, bits, to, at + 2);
    }

    private static void withMinimum(float[] block, int bits, MemorySegment to, long at) {
        float least = block[0];
        float most = block[0];
        for (float value : block) {
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        int range = (1 << bits) - 1;
        float scale = put((most - least) / range, to, at);
        float minimum = put(least, to, at + 2);
        int[] codes = new int[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            codes[i] = code(block[i] - minimum, scale, 0, range);
        }
        put(codes, bits, to, at + 4);
    }

    /** Fifth bits first, if there are any; then the lower four, with the second half of the block in the upper nibbles. */
    private static void put(int[] codes, int bits, MemorySegment to, long at) {
        long nibbles = at;
        if (bits == 5) {
            int fifths = 0;
            for (int i = 0; i < BLOCK; i++) {
                fifths |= codes[i] >> 4 << i;
            }
            to.set(INT, at, fifths);
            nibbles += Integer.BYTES;
        }
        for (int i = 0; i < BLOCK / 2; i++) {
            int pair = (codes[i] & 15) | (codes[i + BLOCK / 2] & 15) << 4;
            to.set(ValueLayout.JAVA_BYTE, nibbles + i, (byte) pair);
        }
    }

    private static float farthest(float[] block) {
        float farthest = 0;
        for (float value : block) {
            farthest = Math.abs(value) > Math.abs(farthest) ? value : farthest;
        }
        return farthest;
    }
}
