package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R10;
import static dev.slipway.engine.kernel.x86.Gpr.R11;
import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.R9;
import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RBP;
import static dev.slipway.engine.kernel.x86.Gpr.RBX;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;

import dev.slipway.engine.kernel.x86.Operand.Vec;

/**
 * Brings a group of {@link BlockForm#ROWS} stored rows of Q8_0 into its {@link BlockForm}. Loading a model is the first
 * thing that a process does, before Java has compiled a loop: hence machine code.
 *
 * <p>A stored block is an f16 scale and 32 signed bytes; a packed one has the scales of all rows and their codes, four of
 * each row in turn, as bytes from 0 to 255.
 */
public final class PackCode {
    /** Bytes of a stored block. */
    public static final int STORED_BYTES = 34;

    /** Numbers that {@link #pack} reads beyond the last inverse factor, and does not use. */
    public static final int BEYOND = 3;

    private static final int ONE = 128;
    private static final int SIGN_OFF = 0x7FFF;
    private static final int TOP_BITS = 0x80808080;
    private static final int HEADER_BYTES = BlockForm.ROWS * Short.BYTES;
    private static final int PACKED_BYTES = HEADER_BYTES + BlockForm.ROWS * 32;

    private static final Vec VALUE = new Vec(0);
    private static final Vec MOST = new Vec(1);
    private static final Vec MASK = new Vec(2);

    private PackCode() {}

    /**
     * {@code (row, -, most, blocks, -)}: the bits of the largest magnitude of a row's scales, as a whole number. Infinity
     * is larger than all numbers, and what is no number larger than infinity.
     */
    public static byte[] mostScale() {
        Assembler a = new Assembler();
        a.mov(RAX, SIGN_OFF);
        a.move(MASK, RAX);
        a.vector(VectorOp.XOR, ONE, MOST, MOST, MOST);
        Assembler.Label block = a.here();
        a.vector(VectorOp.LOAD_ONE, ONE, VALUE, Operand.at(RDI, 0));
        a.vector(VectorOp.AND, ONE, VALUE, VALUE, MASK);
        a.vector(VectorOp.MAXIMUM_INT, ONE, MOST, MOST, VALUE);
        a.add(RDI, STORED_BYTES);
        a.sub(RCX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, block);
        a.storeOne(Operand.at(RDX, 0), MOST);
        a.ret();
        return a.bytes();
    }

    /**
     * {@code (rows, group, inverse, blocks, rowBytes)}: writes all blocks of a group.
     *
     * <p>{@code inverse} has what scales are multiplied with, for each row, and {@value #BEYOND} numbers more.
     */
    public static byte[] pack() {
        Assembler a = new Assembler();
        a.push(RBX);
        a.push(RBP);
        a.mov(RBP, TOP_BITS);
        Assembler.Label block = a.here();
        a.mov(R9, RDI);
        a.mov(R10, RSI);
        a.mov(R11, RSI);
        a.mov(RAX, RDX);
        a.mov(RBX, BlockForm.ROWS);
        Assembler.Label row = a.here();
        // Each scale brings two bytes along, which the next row's and at last the codes overwrite.
        a.vector(VectorOp.LOAD_ONE, ONE, VALUE, Operand.at(R9, 0));
        a.vector(VectorOp.HALF_TO_FLOAT, ONE, VALUE, VALUE);
        a.vector(VectorOp.MULTIPLY, ONE, VALUE, VALUE, Operand.at(RAX, 0));
        a.narrowToHalf(ONE, VALUE, VALUE);
        a.storeOne(Operand.at(R10, 0), VALUE);
        a.add(R9, R8);
        a.add(R10, Short.BYTES);
        a.add(RAX, Float.BYTES);
        a.sub(RBX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, row);
        a.mov(R9, RDI);
        a.mov(RBX, BlockForm.ROWS);
        Assembler.Label codes = a.here();
        for (int step = 0; step < 8; step++) {
            a.load32(RAX, R9, Short.BYTES + 4 * step);
            a.xor(RAX, RBP);
            a.store32(R11, HEADER_BYTES + step * BlockForm.stepBytes(), RAX);
        }
        a.add(R9, R8);
        a.add(R11, Integer.BYTES);
        a.sub(RBX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, codes);
        a.add(RDI, STORED_BYTES);
        a.add(RSI, PACKED_BYTES);
        a.sub(RCX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, block);
        a.pop(RBP);
        a.pop(RBX);
        a.ret();
        return a.bytes();
    }
}
