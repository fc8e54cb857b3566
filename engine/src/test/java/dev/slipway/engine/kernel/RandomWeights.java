package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/** Weights for tests: floats stored in any type that can be run; of the less simple types random blocks instead. */
public final class RandomWeights {
    private RandomWeights() {}

    /** A matrix of random weights, in memory outside the heap as mapped files are. */
    public static Matrix matrix(Arena arena, QuantisationType type, int rows, int columns, long seed) {
        byte[] bytes = stored(type, floats(rows * columns, 0.1, seed));
        MemorySegment data = arena.allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return new Matrix(type + "-" + rows + "x" + columns, type, rows, columns, data);
    }

    /** Numbers of a bell curve with the given spread. */
    public static float[] floats(int count, double spread, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) (random.nextGaussian() * spread);
        }
        return floats;
    }

    /** Floats in their stored form, quantised in the simplest way. */
    public static byte[] stored(QuantisationType type, float[] floats) {
        ByteBuffer out = ByteBuffer.allocate((int) type.bytes(floats.length)).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < floats.length; i += type.blockSize()) {
            switch (type) {
                case F32 -> out.putFloat(floats[i]);
                case F16 -> out.putShort(Float.floatToFloat16(floats[i]));
                case BF16 -> out.putShort((short) (Float.floatToRawIntBits(floats[i]) >>> 16));
                case Q8_0 -> putQ8(out, floats, i);
                case Q4_0 -> putQ4(out, floats, i);
                default -> RandomBlocks.put(type, out, floats[i]);
            }
        }
        return out.array();
    }

    private static float largest(float[] floats, int from) {
        float largest = 0;
        for (int i = from; i < from + 32; i++) {
            largest = Math.abs(floats[i]) > Math.abs(largest) ? floats[i] : largest;
        }
        return largest;
    }

    private static void putQ8(ByteBuffer out, float[] floats, int from) {
        float scale = Math.abs(largest(floats, from)) / 127;
        out.putShort(Float.floatToFloat16(scale));
        for (int i = from; i < from + 32; i++) {
            out.put((byte) (scale == 0 ? 0 : Math.round(floats[i] / scale)));
        }
    }

    private static void putQ4(ByteBuffer out, float[] floats, int from) {
        float scale = largest(floats, from) / -8;
        out.putShort(Float.floatToFloat16(scale));
        for (int i = from; i < from + 16; i++) {
            out.put((byte) (nibble(floats[i], scale) | nibble(floats[i + 16], scale) << 4));
        }
    }

    private static int nibble(float value, float scale) {
        return scale == 0 ? 8 : Math.clamp(Math.round(value / scale) + 8, 0, 15);
    }
}
