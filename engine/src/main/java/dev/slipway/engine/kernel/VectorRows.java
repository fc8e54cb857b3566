package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Stored rows as float vectors: unpacked into an array, or multiplied on the fly with one token.
 *
 * <p>Rows are walked in stripes of {@value #STRIPE} columns. Chunk {@code c} of a stripe (one vector's worth of columns)
 * goes to running sum {@code c mod 4}; {@link VectorDense} sums in the same order, which is why a token has the same
 * bits in a batch and alone. What is left after the last whole stripe is unpacked by {@link StoredFloats}.
 */
final class VectorRows {
    /** Columns per step: two blocks of the quantised types, and a multiple of four vectors of any width. */
    static final int STRIPE = 64;

    static final VectorSpecies<Float> FLOATS = floats();
    static final int LANES = FLOATS.length();

    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(LANES * Short.SIZE));
    // Four bytes are no vector; where floats come in fours, eight bytes are loaded and half of them used.
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, LANES * Byte.SIZE)));
    private static final int BYTE_LANES = BYTES.length();
    private static final boolean HALVES = BYTE_LANES > LANES;

    /** Elements per block of the quantised types. */
    private static final int BLOCK = 32;

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
            case Q8_0 -> unpackQ8(data, at, columns, out, outOffset);
            case Q4_0 -> unpackQ4(data, at, columns, out, outOffset);
            default -> StoredFloats.read(type, data, at, 0, columns, out, outOffset);
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

    private static void unpackQ8(MemorySegment data, long at, int columns, float[] out, int outOffset) {
        for (int i = 0; i < columns; i += BLOCK) {
            long block = at + i / BLOCK * 34L;
            float scale = StoredFloats.scale(data, block);
            for (int c = 0; c < BLOCK; c += BYTE_LANES) {
                q8(data, block, c, scale).intoArray(out, outOffset + i + c);
                if (HALVES) {
                    q8Later(data, block, c + LANES, scale).intoArray(out, outOffset + i + c + LANES);
                }
            }
        }
    }

    private static void unpackQ4(MemorySegment data, long at, int columns, float[] out, int outOffset) {
        for (int i = 0; i < columns; i += BLOCK) {
            long block = at + i / BLOCK * 18L;
            float scale = StoredFloats.scale(data, block);
            for (int c = 0; c < BLOCK / 2; c += BYTE_LANES) {
                int to = outOffset + i + c;
                q4Low(data, block, c, scale, 0).intoArray(out, to);
                q4High(data, block, c, scale, 0).intoArray(out, to + BLOCK / 2);
                if (HALVES) {
                    q4Low(data, block, c, scale, 1).intoArray(out, to + LANES);
                    q4High(data, block, c, scale, 1).intoArray(out, to + LANES + BLOCK / 2);
                }
            }
        }
    }

    /** Whether {@link #dot} exists for a type at this width. */
    static boolean multipliesOnTheFly(QuantisationType type) {
        return LANES >= 8
                && switch (type) {
                    case F32, F16, BF16, Q8_0, Q4_0 -> true;
                    default -> false;
                };
    }

    /** Multiplies whole stripes with one token; leaves the four running sums in {@code sums}. */
    static void dot(QuantisationType type, MemorySegment data, long at, int columns, float[] x, float[] sums) {
        switch (type) {
            case F32 -> dotF32(data, at, columns, x, sums);
            case F16 -> dotF16(data, at, columns, x, sums);
            case BF16 -> dotBf16(data, at, columns, x, sums);
            case Q8_0 -> dotQ8(data, at, columns, x, sums);
            case Q4_0 -> dotQ4(data, at, columns, x, sums);
            default -> throw new IllegalArgumentException("cannot run " + type);
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

    /** Columns from {@code column} of a block; where bytes come in twice as many lanes, only even vectors. */
    private static FloatVector q8(MemorySegment data, long block, int column, float scale) {
        return ((FloatVector) bytes(data, block + 2 + column).convertShape(VectorOperators.B2F, FLOATS, 0)).mul(scale);
    }

    /** The same for odd vectors. */
    private static FloatVector q8Later(MemorySegment data, long block, int column, float scale) {
        return ((FloatVector) bytes(data, block + 2 + column - LANES).convertShape(VectorOperators.B2F, FLOATS, 1))
                .mul(scale);
    }

    /**
     * The low halves of the bytes from {@code column}. All steps are exact, so the order of subtracting 8 and scaling
     * makes no difference.
     *
     * @param part which half of the bytes loaded, where they come in twice as many lanes; a constant
     */
    private static FloatVector q4Low(MemorySegment data, long block, int column, float scale, int part) {
        return ((FloatVector) bytes(data, block + 2 + column)
                        .and((byte) 0x0F)
                        .convertShape(VectorOperators.B2F, FLOATS, part))
                .fma(scale, -8 * scale);
    }

    /** The high halves. They need no shift: with its top bit turned, one is a signed byte of 16 times its value less 8. */
    private static FloatVector q4High(MemorySegment data, long block, int column, float scale, int part) {
        return ((FloatVector) bytes(data, block + 2 + column)
                        .and((byte) 0xF0)
                        .lanewise(VectorOperators.XOR, (byte) 0x80)
                        .convertShape(VectorOperators.B2F, FLOATS, part))
                .mul(scale / 16);
    }

    private static ByteVector bytes(MemorySegment data, long at) {
        return ByteVector.fromMemorySegment(BYTES, data, at, ORDER);
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

    // The compiler keeps vectors in registers only where no branch chooses between them and every part is a constant;
    // so the two widths have their own loops here, of which one is ever compiled.

    private static void dotQ8(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        if (LANES == 16) {
            dotQ8By16(data, at, columns, x, sums);
        } else {
            dotQ8By8(data, at, columns, x, sums);
        }
    }

    private static void dotQ4(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        if (LANES == 16) {
            dotQ4By16(data, at, columns, x, sums);
        } else {
            dotQ4By8(data, at, columns, x, sums);
        }
    }

    private static void dotQ8By16(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        long block = at;
        for (int i = 0; i < columns; i += 64, block += 68) {
            float scale = StoredFloats.scale(data, block);
            float later = StoredFloats.scale(data, block + 34);
            a = q8(data, block, 0, scale).fma(token(x, i), a);
            b = q8(data, block, 16, scale).fma(token(x, i + 16), b);
            c = q8(data, block + 34, 0, later).fma(token(x, i + 32), c);
            d = q8(data, block + 34, 16, later).fma(token(x, i + 48), d);
        }
        store(a, b, c, d, sums);
    }

    private static void dotQ8By8(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        long block = at;
        for (int i = 0; i < columns; i += 32, block += 34) {
            float scale = StoredFloats.scale(data, block);
            a = q8(data, block, 0, scale).fma(token(x, i), a);
            b = q8(data, block, 8, scale).fma(token(x, i + 8), b);
            c = q8(data, block, 16, scale).fma(token(x, i + 16), c);
            d = q8(data, block, 24, scale).fma(token(x, i + 24), d);
        }
        store(a, b, c, d, sums);
    }

    private static void dotQ4By16(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        long block = at;
        for (int i = 0; i < columns; i += 64, block += 36) {
            float scale = StoredFloats.scale(data, block);
            float later = StoredFloats.scale(data, block + 18);
            a = q4Low(data, block, 0, scale, 0).fma(token(x, i), a);
            b = q4High(data, block, 0, scale, 0).fma(token(x, i + 16), b);
            c = q4Low(data, block + 18, 0, later, 0).fma(token(x, i + 32), c);
            d = q4High(data, block + 18, 0, later, 0).fma(token(x, i + 48), d);
        }
        store(a, b, c, d, sums);
    }

    private static void dotQ4By8(MemorySegment data, long at, int columns, float[] x, float[] sums) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        long block = at;
        for (int i = 0; i < columns; i += 32, block += 18) {
            float scale = StoredFloats.scale(data, block);
            a = q4Low(data, block, 0, scale, 0).fma(token(x, i), a);
            b = q4Low(data, block, 8, scale, 0).fma(token(x, i + 8), b);
            c = q4High(data, block, 0, scale, 0).fma(token(x, i + 16), c);
            d = q4High(data, block, 8, scale, 0).fma(token(x, i + 24), d);
        }
        store(a, b, c, d, sums);
    }
}
