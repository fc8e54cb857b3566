package dev.slipway.bench;

import dev.slipway.engine.kernel.Matrix;
import dev.slipway.model.QuantisationType;
import dev.slipway.posix.LargeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Weights with random contents, of any type and size. */
final class RandomMatrix {
    /** 2^-7 as an f16: a scale like those of real models. */
    private static final short SCALE = 0x2000;

    private RandomMatrix() {}

    static Matrix of(Arena arena, QuantisationType type, int rows, int columns) {
        MemorySegment data = LargeMemory.allocate(rows * type.bytes(columns), arena);
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        for (long at = 0; at < data.byteSize(); at += type.blockBytes()) {
            for (int factor : factors(type)) {
                data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at + factor, SCALE);
            }
            switch (type) {
                case F32 -> data.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, (float) random.nextDouble());
                case F16 ->
                    data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16((float) random.nextDouble()));
                case BF16 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, SCALE);
                case MXFP4 -> data.set(ValueLayout.JAVA_BYTE, at, (byte) 120);
                default -> {}
            }
        }
        return new Matrix("random", type, rows, columns, data);
    }

    /** Where the f16 numbers of a block are; everything else may be any bytes. */
    private static int[] factors(QuantisationType type) {
        return switch (type) {
            case Q8_0, Q4_0, Q5_0, IQ4_NL, IQ4_XS -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            default -> new int[] {};
        };
    }
}
