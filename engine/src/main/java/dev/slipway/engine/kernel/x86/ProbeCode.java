package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R10;
import static dev.slipway.engine.kernel.x86.Gpr.R11;
import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.R9;
import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RBX;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;

import dev.slipway.engine.kernel.x86.Operand.Vec;

/** Loops that do nothing but what a limit is made of, in the form of {@link VectorCode}'s functions. */
public final class ProbeCode {
    /** Most streams of {@link #read}. */
    public static final int MOST_STREAMS = 8;

    /** Independent sums in the loops that calculate: enough to hide the time one step takes. */
    private static final int SUMS = 12;

    private static final int LINE = 64;
    private static final int AHEAD = 8192;
    private static final Gpr[] STREAMS = {RDI, R9, R10, R11, RSI, RDX, RAX, RBX};

    private ProbeCode() {}

    /** Operations that one round of {@link #dots} or {@link #multiplications} does. */
    public static int operations(Level level, boolean bytes) {
        int each = bytes ? 2 * 4 : 2;
        return SUMS * level.lanes() * each;
    }

    /**
     * {@code (memory, -, -, lines, distance)}: reads so many cache lines of each of the streams, which are
     * {@code distance} bytes apart.
     */
    public static byte[] read(Level level, int streams) {
        Assembler a = new Assembler();
        a.push(RBX);
        for (int i = 1; i < streams; i++) {
            a.mov(STREAMS[i], STREAMS[i - 1]);
            a.add(STREAMS[i], R8);
        }
        Assembler.Label next = a.here();
        for (int i = 0; i < streams; i++) {
            a.prefetch(STREAMS[i], AHEAD);
            for (int at = 0; at < LINE; at += level.bits() / Byte.SIZE) {
                Vec sum = new Vec(i);
                a.vector(VectorOp.OR, level.bits(), sum, sum, Operand.at(STREAMS[i], at));
            }
            a.add(STREAMS[i], LINE);
        }
        a.sub(RCX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, next);
        a.pop(RBX);
        a.vzeroupper();
        a.ret();
        return a.bytes();
    }

    /** {@code (-, -, -, rounds, -)}: products of bytes. */
    public static byte[] dots(Level level) {
        return loop(level, true);
    }

    /** {@code (-, -, -, rounds, -)}: products of floats, each with an addition. */
    public static byte[] multiplications(Level level) {
        return loop(level, false);
    }

    private static byte[] loop(Level level, boolean bytes) {
        Assembler a = new Assembler();
        int bits = level.bits();
        for (int i = 0; i <= SUMS + 1; i++) {
            a.vector(VectorOp.XOR, bits, new Vec(i), new Vec(i), new Vec(i));
        }
        Vec left = new Vec(SUMS);
        Vec right = new Vec(SUMS + 1);
        Vec product = new Vec(SUMS + 2);
        Assembler.Label next = a.here();
        for (int i = 0; i < SUMS; i++) {
            Vec sum = new Vec(i);
            if (!bytes) {
                a.vector(VectorOp.FMA, bits, sum, left, right);
            } else if (level.dotsBytes()) {
                a.vector(VectorOp.DOT_BYTES, bits, sum, left, right);
            } else {
                a.vector(VectorOp.MULTIPLY_ADD_BYTES, bits, product, left, right);
                a.vector(VectorOp.MULTIPLY_ADD_SHORTS, bits, product, product, right);
                a.vector(VectorOp.ADD_INT, bits, sum, sum, product);
            }
        }
        a.sub(RCX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, next);
        a.vzeroupper();
        a.ret();
        return a.bytes();
    }
}
