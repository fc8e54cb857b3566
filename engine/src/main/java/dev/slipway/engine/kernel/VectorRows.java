package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rows stored as floats, as vectors: unpacked into an array, or multiplied on the fly with one token.
 *
 * <p>Rows are walked in stripes of {@value #STRIPE} columns. Chunk {@code c} of a stripe (one vector's worth of columns)
 * goes to running sum {@code c mod 4}; {@link VectorDense} sums in the same order, which is why a token has the same
 * bits in a batch and alone. What is left after the last whole stripe is unpacked by {@link StoredFloats}.
 */
final class VectorRows {
    /** Columns per step: four vectors of the widest, and a multiple of four of any width. */
    static final int STRIPE = 64;

    static final VectorSpecies<Float> FLOATS = floats();
    static final int LANES = FLOATS.length();

    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(LANES * Short.SIZE));
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final float TWO_TO_112 = 0x1p112f;

    private VectorRows() {}

    private static VectorSpecies<Float> floats() {
        VectorSpecies<Float> preferred = FloatVector.SPECIES_PREFERRED;
        return preferred.length() > FloatVector.SPECIES_512.length() ? FloatVector.SPECIES_512 : preferred;
    }

    /** Unpacks whole stripes of the row at byte {@code at}; {@code columns} is a multiple of {@link #STRIPE}. */
    static void unpack(QuantisationType type, MemorySegment data, long at, int columns, float[] out, int outOffset) {
        switch (type) {
            case F32 -> MemorySegment.copy(data, StoredFloats.FLOAT, at, out, outOffset, columns);
            case F16 -> unpackF16(data, at, columns, out, outOffset);
            case BF16 -> unpackBf16(data, at, columns, out, outOffset);
            default -> throw new IllegalArgumentException("stored as " + type + ", which is no float");
        }
    }

    private static void unpackF16(MemorySegment data, long at, int columns, float[] out, int outOffset) {
        for (int i = 0; i < columns; i += LANES) {
            f16(data, at + 2L * i).intoArray(out, outOffset + i);
        }
    }

    private static void unpackBf16(MemorySegment data, long at, int columns, float[] out, int outOffset) {
        for (int i = 0; i < columns; i += LANES) {
            bf16(data, at + 2L * i).intoArray(out, outOffset + i);
        }
    }

    /** Multiplies whole stripes with one token; leaves the four running sums in {@code sums}. */
    static void dot(QuantisationType type, MemorySegment data, long at, int columns, float[] x, float[] sums) {
        switch (type) {
            case F32 -> dotF32(data, at, columns, x, sums);
            case F16 -> dotF16(data, at, columns, x, sums);
            case BF16 -> dotBf16(data, at, columns, x, sums);
            default -> throw new IllegalArgumentException("stored as " + type + ", which is no float");
        }
    }

    private static FloatVector f32(MemorySegment data, long at) {
        return FloatVector.fromMemorySegment(FLOATS, data, at, ORDER);
    }

    /** Exponent and fraction of an f16, moved into a float's places, are 2^112 times too small. */
    private static FloatVector f16(MemorySegment data, long at) {
        return ((IntVector) ShortVector.fromMemorySegment(SHORTS, data, at, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 13)
                .and(0x8FFFE000)
                .reinterpretAsFloats()
                .mul(TWO_TO_112);
    }

    private static FloatVector bf16(MemorySegment data, long at) {
        return ((IntVector) ShortVector.fromMemorySegment(SHORTS, data, at, ORDER)
                        .convertShape(VectorOperators.S2I, INTS, 0))
                .lanewise(VectorOperators.LSHL, 16)
                .reinterpretAsFloats();
    }

    private static FloatVector token(float[] x, int at) {
        return FloatVector.fromArray(FLOATS, x, at);
    }

    private static void store(FloatVector a, FloatVector b, FloatVector c, FloatVector d, float[] sums) {
        a.intoArray(sums, 0);
        b.intoArray(sums, LANES);
        c.intoArray(sums, 2 * LANES);
        d.intoArray(sums, 3 * LANES);
    }

    private static void dotF32(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = 0; i < columns; i += 4 * LANES) {
            a = f32(data, at + 4L * i).fma(token(x, i), a);
            b = f32(data, at + 4L * (i + LANES)).fma(token(x, i + LANES), b);
            c = f32(data, at + 4L * (i + 2 * LANES)).fma(token(x, i + 2 * LANES), c);
            d = f32(data, at + 4L * (i + 3 * LANES)).fma(token(x, i + 3 * LANES), d);
        }
        store(a, b, c, d, sums);
    }

    private static void dotF16(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = 0; i < columns; i += 4 * LANES) {
            a = f16(data, at + 2L * i).fma(token(x, i), a);
            b = f16(data, at + 2L * (i + LANES)).fma(token(x, i + LANES), b);
            c = f16(data, at + 2L * (i + 2 * LANES)).fma(token(x, i + 2 * LANES), c);
            d = f16(data, at + 2L * (i + 3 * LANES)).fma(token(x, i + 3 * LANES), d);
        }
        store(a, b, c, d, sums);
    }

    private static void dotBf16(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = 0; i < columns; i += 4 * LANES) {
            a = bf16(data, at + 2L * i).fma(token(x, i), a);
            b = bf16(data, at + 2L * (i + LANES)).fma(token(x, i + LANES), b);
            c = bf16(data, at + 2L * (i + 2 * LANES)).fma(token(x, i + 2 * LANES), c);
            d = bf16(data, at + 2L * (i + 3 * LANES)).fma(token(x, i + 3 * LANES), d);
        }
        store(a, b, c, d, sums);
    }
}
