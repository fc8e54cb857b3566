package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;

import dev.slipway.engine.kernel.x86.Operand.Memory;
import dev.slipway.engine.kernel.x86.Operand.Vec;
import java.util.function.IntConsumer;

/**
 * Functions of vectors of floats. All have the form {@code (pointer, pointer, pointer, count, bits)} of which they use
 * what they need; {@code bits} is a float's bits. They work with 256 bits at every level, so that sums have the same order
 * everywhere, and one by one on what is left at the end.
 */
public final class VectorCode {
    private static final int WIDE = 256;
    private static final int ONE = 128;
    private static final int LANES = WIDE / Float.SIZE;

    private static final Vec VALUE = new Vec(0);
    private static final Vec OTHER = new Vec(1);
    private static final Vec SUM = new Vec(2);
    private static final Vec EACH = new Vec(3);

    private VectorCode() {}

    /** {@code first[i] += second[i]}. */
    public static byte[] add() {
        Assembler a = new Assembler();
        overAll(a, bits -> {
            load(a, bits, VALUE, RDI);
            load(a, bits, OTHER, RSI);
            a.vector(VectorOp.ADD, bits, VALUE, VALUE, OTHER);
            store(a, bits, RDI, VALUE);
        });
        return end(a);
    }

    /** {@code second[0] = Σ first[i]²}. The second pointer stays where it is. */
    public static byte[] squares() {
        Assembler a = new Assembler();
        a.mov(R8, RSI);
        a.vector(VectorOp.XOR, WIDE, SUM, SUM, SUM);
        overAll(
                a,
                bits -> {
                    load(a, bits, VALUE, RDI);
                    a.vector(VectorOp.FMA, bits, SUM, VALUE, VALUE);
                },
                () -> fold(a, VectorOp.ADD, SUM));
        a.storeOne(Operand.at(R8, 0), SUM);
        return end(a);
    }

    /** {@code third[i] = first[i] · bits · second[i]}. */
    public static byte[] scaled() {
        Assembler a = new Assembler();
        a.move(EACH, R8);
        a.vector(VectorOp.BROADCAST_FLOAT, WIDE, EACH, EACH);
        overAll(a, bits -> {
            load(a, bits, VALUE, RDI);
            load(a, bits, OTHER, RSI);
            a.vector(VectorOp.MULTIPLY, bits, VALUE, VALUE, EACH);
            a.vector(VectorOp.MULTIPLY, bits, VALUE, VALUE, OTHER);
            store(a, bits, RDX, VALUE);
            a.add(RDX, bits == ONE ? Float.BYTES : WIDE / Byte.SIZE);
        });
        return end(a);
    }

    /** {@code first[i] = first[i] / (1 + e^-first[i]) · second[i]}. */
    public static byte[] siluTimes() {
        Assembler a = new Assembler();
        Exponential exp = new Exponential(a);
        overAll(a, bits -> {
            load(a, bits, EACH, RDI);
            a.vector(VectorOp.XOR, bits, VALUE, VALUE, VALUE);
            a.vector(VectorOp.SUBTRACT, bits, VALUE, VALUE, EACH);
            exp.apply(bits, VALUE);
            a.vector(VectorOp.ADD, bits, VALUE, VALUE, exp.one());
            a.vector(VectorOp.DIVIDE, bits, VALUE, EACH, VALUE);
            load(a, bits, OTHER, RSI);
            a.vector(VectorOp.MULTIPLY, bits, VALUE, VALUE, OTHER);
            store(a, bits, RDI, VALUE);
        });
        return end(a, exp);
    }

    /** Turns {@code first} into shares that add up to 1. */
    public static byte[] softmax() {
        Assembler a = new Assembler();
        Exponential exp = new Exponential(a);
        a.mov(RDX, RDI);
        a.mov(R8, RCX);
        // The largest; there is one at least.
        a.vector(VectorOp.BROADCAST_FLOAT, WIDE, EACH, Operand.at(RDI, 0));
        overAll(
                a,
                bits -> {
                    load(a, bits, VALUE, RDI);
                    a.vector(VectorOp.MAXIMUM, bits, EACH, EACH, VALUE);
                },
                () -> fold(a, VectorOp.MAXIMUM, EACH));
        a.vector(VectorOp.BROADCAST_FLOAT, WIDE, EACH, EACH);
        again(a);
        a.vector(VectorOp.XOR, WIDE, SUM, SUM, SUM);
        overAll(
                a,
                bits -> {
                    load(a, bits, VALUE, RDI);
                    a.vector(VectorOp.SUBTRACT, bits, VALUE, VALUE, EACH);
                    exp.apply(bits, VALUE);
                    store(a, bits, RDI, VALUE);
                    a.vector(VectorOp.ADD, bits, SUM, SUM, VALUE);
                },
                () -> fold(a, VectorOp.ADD, SUM));
        a.vector(VectorOp.LOAD, ONE, EACH, exp.one());
        a.vector(VectorOp.DIVIDE, ONE, EACH, EACH, SUM);
        a.vector(VectorOp.BROADCAST_FLOAT, WIDE, EACH, EACH);
        again(a);
        overAll(a, bits -> {
            load(a, bits, VALUE, RDI);
            a.vector(VectorOp.MULTIPLY, bits, VALUE, VALUE, EACH);
            store(a, bits, RDI, VALUE);
        });
        return end(a, exp);
    }

    private static void again(Assembler a) {
        a.mov(RDI, RDX);
        a.mov(RCX, R8);
    }

    private static byte[] end(Assembler a) {
        a.vzeroupper();
        a.ret();
        return a.bytes();
    }

    private static byte[] end(Assembler a, Exponential exp) {
        a.vzeroupper();
        a.ret();
        exp.data();
        return a.bytes();
    }

    private static void overAll(Assembler a, IntConsumer body) {
        overAll(a, body, () -> {});
    }

    /**
     * Runs {@code body} on whole vectors, {@code between}, then {@code body} on single numbers. The first two pointers
     * move along; where a function does not use one of them, that does no harm.
     */
    private static void overAll(Assembler a, IntConsumer body, Runnable between) {
        Assembler.Label rest = Assembler.label();
        Assembler.Label end = Assembler.label();
        Assembler.Label vectors = a.here();
        a.cmp(RCX, LANES);
        a.jump(Assembler.Condition.BELOW, rest);
        body.accept(WIDE);
        advance(a, LANES);
        a.jump(vectors);
        a.place(rest);
        between.run();
        Assembler.Label single = a.here();
        a.test(RCX, RCX);
        a.jump(Assembler.Condition.ZERO, end);
        body.accept(ONE);
        advance(a, 1);
        a.jump(single);
        a.place(end);
    }

    private static void advance(Assembler a, int count) {
        a.add(RDI, count * Float.BYTES);
        a.add(RSI, count * Float.BYTES);
        a.sub(RCX, count);
    }

    private static void load(Assembler a, int bits, Vec to, Gpr from) {
        a.vector(bits == ONE ? VectorOp.LOAD_ONE : VectorOp.LOAD, bits, to, Operand.at(from, 0));
    }

    private static void store(Assembler a, int bits, Gpr to, Vec from) {
        if (bits == ONE) {
            a.storeOne(Operand.at(to, 0), from);
        } else {
            a.store(bits, Operand.at(to, 0), from);
        }
    }

    /** Brings eight lanes together in the lowest. */
    private static void fold(Assembler a, VectorOp op, Vec lanes) {
        a.upperHalf(WIDE, OTHER, lanes);
        a.vector(op, ONE, lanes, lanes, OTHER);
        for (int order : new int[] {0b01_00_11_10, 0b10_11_00_01}) {
            a.vector(VectorOp.PERMUTE_IN_128, ONE, OTHER, lanes, order);
            a.vector(op, ONE, lanes, lanes, OTHER);
        }
    }

    /** Writes e^v: 2^n times a polynomial for the rest of the exponent, to about two units in the last place. */
    private static final class Exponential {
        private static final float[] POLYNOMIAL = {1f / 720, 1f / 120, 1f / 24, 1f / 6, 0.5f, 1, 1};
        private static final float ROUNDER = 12582912;
        private static final Vec N = new Vec(4);
        private static final Vec WORK = new Vec(5);

        private final Assembler a;
        private final Assembler.Label constants = Assembler.label();
        private final float[] values = {-87, 88, 1.44269504f, ROUNDER, -0.693359375f, 2.12194440e-4f};

        Exponential(Assembler a) {
            this.a = a;
            a.address(RAX, constants);
        }

        private Memory constant(int index) {
            return Operand.at(RAX, index * WIDE / Byte.SIZE);
        }

        private Memory power(int index) {
            return constant(values.length + index);
        }

        /** A vector of ones. */
        Memory one() {
            return power(POLYNOMIAL.length - 1);
        }

        private Memory bias() {
            return constant(values.length + POLYNOMIAL.length);
        }

        void apply(int bits, Vec v) {
            // The second operand comes out where one is no number, so v stands there.
            a.vector(VectorOp.LOAD, bits, WORK, constant(0));
            a.vector(VectorOp.MAXIMUM, bits, v, WORK, v);
            a.vector(VectorOp.LOAD, bits, WORK, constant(1));
            a.vector(VectorOp.MINIMUM, bits, v, WORK, v);
            a.vector(VectorOp.MULTIPLY, bits, N, v, constant(2));
            a.vector(VectorOp.ADD, bits, N, N, constant(3));
            a.vector(VectorOp.SUBTRACT_INT, bits, N, N, constant(3));
            a.vector(VectorOp.INT_TO_FLOAT, bits, WORK, N);
            a.vector(VectorOp.FMA, bits, v, WORK, constant(4));
            a.vector(VectorOp.FMA, bits, v, WORK, constant(5));
            a.vector(VectorOp.LOAD, bits, WORK, power(0));
            for (int i = 1; i < POLYNOMIAL.length; i++) {
                a.vector(VectorOp.MULTIPLY_THEN_ADD, bits, WORK, v, power(i));
            }
            a.vector(VectorOp.ADD_INT, bits, N, N, bias());
            a.shiftIntsLeft(bits, N, N, 23);
            a.vector(VectorOp.MULTIPLY, bits, v, WORK, N);
        }

        void data() {
            a.align(WIDE / Byte.SIZE);
            a.place(constants);
            for (float value : values) {
                repeat(Float.floatToRawIntBits(value));
            }
            for (float value : POLYNOMIAL) {
                repeat(Float.floatToRawIntBits(value));
            }
            repeat(127);
        }

        private void repeat(int bits) {
            for (int lane = 0; lane < LANES; lane++) {
                a.data(new byte[] {(byte) bits, (byte) (bits >> 8), (byte) (bits >> 16), (byte) (bits >> 24)});
            }
        }
    }
}
