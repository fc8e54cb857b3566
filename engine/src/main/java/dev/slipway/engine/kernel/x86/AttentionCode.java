package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R10;
import static dev.slipway.engine.kernel.x86.Gpr.R11;
import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.R9;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;

import dev.slipway.engine.kernel.x86.Operand.Vec;

/** One query head against a page of keys or values. Each result is summed up in order. */
public final class AttentionCode {
    private static final Vec EACH = new Vec(14);
    private static final Vec LOADED = new Vec(15);

    private AttentionCode() {}

    /**
     * {@code (keys, query, scores, headSize, scale's bits)}: the scores of all positions of a page, whose keys lie
     * dimension by dimension.
     */
    public static byte[] scores(Level level, int page) {
        Assembler a = new Assembler();
        int bits = level.bits();
        int vectors = page / level.lanes();
        Vec[] sums = zeros(a, bits, vectors);
        Assembler.Label dimension = a.here();
        a.vector(VectorOp.BROADCAST_FLOAT, bits, EACH, Operand.at(RSI, 0));
        for (int i = 0; i < vectors; i++) {
            a.vector(VectorOp.FMA, bits, sums[i], EACH, Operand.at(RDI, i * bits / Byte.SIZE));
        }
        a.add(RDI, page * Float.BYTES);
        a.add(RSI, Float.BYTES);
        a.sub(RCX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, dimension);
        a.move(EACH, R8);
        a.vector(VectorOp.BROADCAST_FLOAT, bits, EACH, EACH);
        for (int i = 0; i < vectors; i++) {
            a.vector(VectorOp.MULTIPLY, bits, sums[i], sums[i], EACH);
            a.store(bits, Operand.at(RDX, i * bits / Byte.SIZE), sums[i]);
        }
        a.vzeroupper();
        a.ret();
        return a.bytes();
    }

    private static Vec[] zeros(Assembler a, int bits, int count) {
        Vec[] sums = new Vec[count];
        for (int i = 0; i < count; i++) {
            sums[i] = new Vec(i);
            a.vector(VectorOp.XOR, bits, sums[i], sums[i], sums[i]);
        }
        return sums;
    }

    /**
     * {@code (values, shares, out, headSize, count)}: adds {@code count} rows of values, each times its share. Works on
     * four vectors' worth of dimensions at a time, then on one, then on single ones.
     */
    public static byte[] mix(Level level) {
        Assembler a = new Assembler();
        a.mov(R9, RCX);
        a.add(R9, R9);
        a.add(R9, R9);
        columns(a, level.bits(), 4 * level.lanes());
        columns(a, level.bits(), level.lanes());
        columns(a, 128, 1);
        a.vzeroupper();
        a.ret();
        return a.bytes();
    }

    /** As long as so many dimensions are left. R9 has the bytes of a row. */
    private static void columns(Assembler a, int bits, int dimensions) {
        boolean one = dimensions == 1;
        int vectors = one ? 1 : dimensions * Float.SIZE / bits;
        Assembler.Label end = Assembler.label();
        Assembler.Label next = a.here();
        a.cmp(RCX, dimensions);
        a.jump(Assembler.Condition.BELOW, end);
        Vec[] sums = new Vec[vectors];
        for (int i = 0; i < vectors; i++) {
            sums[i] = new Vec(i);
            a.vector(one ? VectorOp.LOAD_ONE : VectorOp.LOAD, bits, sums[i], Operand.at(RDX, i * bits / Byte.SIZE));
        }
        a.mov(R10, RDI);
        a.mov(R11, RSI);
        a.mov(Gpr.RAX, R8);
        Assembler.Label position = a.here();
        a.vector(VectorOp.BROADCAST_FLOAT, bits, EACH, Operand.at(R11, 0));
        for (int i = 0; i < vectors; i++) {
            a.vector(one ? VectorOp.LOAD_ONE : VectorOp.LOAD, bits, LOADED, Operand.at(R10, i * bits / Byte.SIZE));
            a.vector(VectorOp.FMA, bits, sums[i], LOADED, EACH);
        }
        a.add(R10, R9);
        a.add(R11, Float.BYTES);
        a.sub(Gpr.RAX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, position);
        for (int i = 0; i < vectors; i++) {
            if (one) {
                a.storeOne(Operand.at(RDX, 0), sums[i]);
            } else {
                a.store(bits, Operand.at(RDX, i * bits / Byte.SIZE), sums[i]);
            }
        }
        a.add(RDI, dimensions * Float.BYTES);
        a.add(RDX, dimensions * Float.BYTES);
        a.sub(RCX, dimensions);
        a.jump(next);
        a.place(end);
    }
}
