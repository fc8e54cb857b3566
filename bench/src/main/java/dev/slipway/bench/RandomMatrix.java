package dev.slipway.bench;

import dev.slipway.engine.kernel.Matrix;
import dev.slipway.model.QuantisationType;
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
        MemorySegment data = arena.allocate(rows * type.bytes(columns), 64);
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < data.byteSize(); i++) {
            data.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        // Blocks begin with their scale; every weight of the others is made a sensible number.
        for (long at = 0; at < data.byteSize(); at += type.blockBytes()) {
            switch (type) {
                case Q8_0, Q4_0 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, SCALE);
                case F16 ->
                    data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16((float) random.nextGaussian()));
                default -> throw new IllegalArgumentException("no random weights of " + type);
            }
        }
        return new Matrix("random", type, rows, columns, data);
    }
}
