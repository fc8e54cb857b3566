package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;

import dev.slipway.engine.kernel.x86.Operand.Vec;

/**
 * Turns a token's activations into blocks of signed bytes: {@code (floats, blocks, count, stride)}.
 *
 * <p>A block's scale is its largest magnitude over {@link BlockForm#mostActivation}; numbers are rounded to the nearest,
 * halves to even, and split into planes where there are two. A block
 * begins with the scale, the scale times the sum of the rounded numbers, and minus their sum as a whole number. The next
 * block is written {@code stride} bytes further on, so that blocks of other tokens find room between.
 */
public final class QuantiseCode {
    private static final int BITS = 128;
    private static final int PER_VECTOR = 4;

    /** Blocks whose largest number is below this become zeros. */
    private static final float LEAST = 1e-30f;

    /** Half of what one step of the first plane is worth. */
    private static final int HALF_PLANE = 1 << BlockForm.PLANE_SHIFT - 1;

    private static final Vec SCALE = new Vec(8);
    private static final Vec LARGEST = new Vec(9);
    private static final Vec OTHER = new Vec(10);
    private static final Vec SUM = new Vec(11);
    private static final Vec SIGN_OFF = new Vec(12);
    private static final Vec MOST_EACH = new Vec(13);
    private static final Vec LEAST_EACH = new Vec(14);
    private static final Vec ZERO = new Vec(15);

    private QuantiseCode() {}

    /** The function for one form. Uses vectors of 128 bits only. */
    public static byte[] of(BlockForm form) {
        int unit = form.unit();
        Assembler a = new Assembler();
        constant(a, SIGN_OFF, 0x7FFFFFFF);
        constant(a, MOST_EACH, Float.floatToRawIntBits(form.mostActivation()));
        constant(a, LEAST_EACH, Float.floatToRawIntBits(LEAST));
        a.vector(VectorOp.XOR, BITS, ZERO, ZERO, ZERO);
        Assembler.Label block = a.here();
        int vectors = unit / PER_VECTOR;
        scale(a, vectors);
        round(a, vectors);
        narrow(a, vectors);
        if (form.planes() == 2) {
            split(a, vectors);
            store(a, vectors, 1, BlockForm.ACTIVATION_HEADER);
            store(a, vectors, 0, BlockForm.ACTIVATION_HEADER + unit);
        } else {
            store(a, vectors, 0, BlockForm.ACTIVATION_HEADER);
        }
        storeSums(a);
        a.add(RDI, unit * Float.BYTES);
        a.add(RSI, RCX);
        a.sub(RDX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, block);
        a.ret();
        return a.bytes();
    }

    private static void constant(Assembler a, Vec to, int value) {
        a.mov(RAX, value);
        a.move(to, RAX);
        a.vector(VectorOp.BROADCAST_INT, BITS, to, to);
    }

    /** Finds the block's scale, stores it, and leaves what numbers are multiplied with in all lanes. */
    private static void scale(Assembler a, int vectors) {
        a.vector(VectorOp.AND, BITS, LARGEST, SIGN_OFF, Operand.at(RDI, 0));
        for (int i = 1; i < vectors; i++) {
            a.vector(VectorOp.AND, BITS, OTHER, SIGN_OFF, Operand.at(RDI, 16 * i));
            a.vector(VectorOp.MAXIMUM, BITS, LARGEST, LARGEST, OTHER);
        }
        for (int order : new int[] {0b01_00_11_10, 0b10_11_00_01}) {
            a.vector(VectorOp.PERMUTE_IN_128, BITS, OTHER, LARGEST, order);
            a.vector(VectorOp.MAXIMUM, BITS, LARGEST, LARGEST, OTHER);
        }
        a.vector(VectorOp.DIVIDE, BITS, SCALE, LARGEST, MOST_EACH);
        a.storeOne(Operand.at(RSI, 0), SCALE);
        a.vector(VectorOp.MAXIMUM, BITS, LARGEST, LARGEST, LEAST_EACH);
        a.vector(VectorOp.DIVIDE, BITS, LARGEST, MOST_EACH, LARGEST);
    }

    private static void round(Assembler a, int vectors) {
        for (int i = 0; i < vectors; i++) {
            Vec whole = new Vec(i);
            a.vector(VectorOp.MULTIPLY, BITS, whole, LARGEST, Operand.at(RDI, 16 * i));
            a.vector(VectorOp.FLOAT_TO_INT, BITS, whole, whole);
            a.vector(VectorOp.ADD_INT, BITS, SUM, i == 0 ? ZERO : SUM, whole);
        }
    }

    /** Narrows pairs of vectors to 16 bits; what comes of a pair stands in its first vector. */
    private static void narrow(Assembler a, int vectors) {
        for (int i = 0; i < vectors; i += 2) {
            a.vector(VectorOp.PACK_INTS, BITS, new Vec(i), new Vec(i), new Vec(i + 1));
        }
    }

    /** Splits each number into two: the first plane's goes where a pair's second vector was. */
    private static void split(Assembler a, int vectors) {
        constant(a, LARGEST, HALF_PLANE * 0x00010001);
        for (int i = 0; i < vectors; i += 2) {
            Vec whole = new Vec(i);
            Vec first = new Vec(i + 1);
            a.vector(VectorOp.ADD_SHORTS, BITS, first, whole, LARGEST);
            a.shiftShortsRightSigned(BITS, first, first, BlockForm.PLANE_SHIFT);
            a.shiftShortsLeft(BITS, OTHER, first, BlockForm.PLANE_SHIFT);
            a.vector(VectorOp.SUBTRACT_SHORTS, BITS, whole, whole, OTHER);
        }
    }

    /** Stores one plane, whose numbers stand in the first or the second vector of each pair. */
    private static void store(Assembler a, int vectors, int inPair, int at) {
        for (int i = 0; i < vectors; i += 4) {
            Vec bytes = new Vec(i + inPair);
            a.vector(VectorOp.PACK_SHORTS, BITS, bytes, bytes, new Vec(i + 2 + inPair));
            a.store(BITS, Operand.at(RSI, at + PER_VECTOR * i), bytes);
        }
    }

    private static void storeSums(Assembler a) {
        for (int order : new int[] {0b01_00_11_10, 0b10_11_00_01}) {
            a.vector(VectorOp.PERMUTE_IN_128, BITS, OTHER, SUM, order);
            a.vector(VectorOp.ADD_INT, BITS, SUM, SUM, OTHER);
        }
        a.vector(VectorOp.INT_TO_FLOAT, BITS, OTHER, SUM);
        a.vector(VectorOp.MULTIPLY, BITS, OTHER, OTHER, SCALE);
        a.storeOne(Operand.at(RSI, 4), OTHER);
        a.vector(VectorOp.SUBTRACT_INT, BITS, SUM, ZERO, SUM);
        a.storeOne(Operand.at(RSI, 8), SUM);
    }
}
