package dev.slipway.engine.kernel.x86;

import dev.slipway.engine.kernel.x86.Operand.Memory;
import dev.slipway.engine.kernel.x86.Operand.Vec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes x86-64 machine code: the few general instructions that loops need, and vector instructions in VEX or EVEX
 * encoding. Encodings are regular rather than shortest: VEX always takes three bytes, jumps are always 32 bits wide.
 *
 * <p>Vector instructions of 128 and 256 bits take VEX, and EVEX where an operand asks for it; 512 bits take EVEX.
 */
final class Assembler {
    /** A place in the code that jumps lead to. */
    static final class Label {
        private int position = -1;
        private final List<Integer> uses = new ArrayList<>();

        private Label() {}
    }

    /** Conditions of {@link #jump(Condition, Label)}, by their number in machine code. */
    enum Condition {
        BELOW(2),
        NOT_BELOW(3),
        ZERO(4),
        NOT_ZERO(5),
        NOT_ABOVE(6),
        GREATER_OR_EQUAL(0xD);

        private final int number;

        Condition(int number) {
            this.number = number;
        }
    }

    private byte[] code = new byte[1024];
    private int size;

    /** Bytes so far. */
    int size() {
        return size;
    }

    /** The finished code. */
    byte[] bytes() {
        return Arrays.copyOf(code, size);
    }

    private void put(int value) {
        if (size == code.length) {
            code = Arrays.copyOf(code, 2 * size);
        }
        code[size++] = (byte) value;
    }

    private void put32(int value) {
        for (int shift = 0; shift < 32; shift += 8) {
            put(value >> shift);
        }
    }

    /** Data within the code. */
    void data(byte[] bytes) {
        for (byte value : bytes) {
            put(value);
        }
    }

    /** Fills up with bytes that never run, to a multiple of a power of two. */
    void align(int to) {
        while (size % to != 0) {
            put(0xCC);
        }
    }

    // ---- labels and jumps

    /** A label for a place that is still to come. */
    static Label label() {
        return new Label();
    }

    /** A label for this place. */
    Label here() {
        Label label = label();
        place(label);
        return label;
    }

    void place(Label label) {
        label.position = size;
        for (int use : label.uses) {
            patch(use, label);
        }
    }

    private void patch(int use, Label label) {
        int distance = label.position - (use + 4);
        for (int i = 0; i < 4; i++) {
            code[use + i] = (byte) (distance >> 8 * i);
        }
    }

    private void distanceTo(Label label) {
        int use = size;
        put32(0);
        if (label.position < 0) {
            label.uses.add(use);
        } else {
            patch(use, label);
        }
    }

    void jump(Condition condition, Label label) {
        put(0x0F);
        put(0x80 | condition.number);
        distanceTo(label);
    }

    void jump(Label label) {
        put(0xE9);
        distanceTo(label);
    }

    void ret() {
        put(0xC3);
    }

    // ---- general registers

    private void rex(int wide, int reg, int index, int base) {
        put(0x40 | wide << 3 | reg >> 3 << 2 | index >> 3 << 1 | base >> 3);
    }

    private void registers(int reg, int rm) {
        put(0xC0 | (reg & 7) << 3 | rm & 7);
    }

    private void general(int opcode, Gpr reg, Gpr rm) {
        rex(1, reg.number(), 0, rm.number());
        put(opcode);
        registers(reg.number(), rm.number());
    }

    void mov(Gpr to, Gpr from) {
        general(0x89, from, to);
    }

    void add(Gpr to, Gpr value) {
        general(0x01, value, to);
    }

    void sub(Gpr to, Gpr value) {
        general(0x29, value, to);
    }

    void cmp(Gpr left, Gpr right) {
        general(0x39, right, left);
    }

    void xor(Gpr to, Gpr value) {
        general(0x31, value, to);
    }

    void test(Gpr left, Gpr right) {
        general(0x85, right, left);
    }

    void imul(Gpr to, Gpr by) {
        rex(1, to.number(), 0, by.number());
        put(0x0F);
        put(0xAF);
        registers(to.number(), by.number());
    }

    private void immediate(int extension, Gpr to, int value) {
        rex(1, 0, 0, to.number());
        put(0x81);
        registers(extension, to.number());
        put32(value);
    }

    void add(Gpr to, int value) {
        immediate(0, to, value);
    }

    void sub(Gpr to, int value) {
        immediate(5, to, value);
    }

    void and(Gpr to, int value) {
        immediate(4, to, value);
    }

    void cmp(Gpr left, int value) {
        immediate(7, left, value);
    }

    /** Sets the lower 32 bits and clears the upper ones. */
    void mov(Gpr to, int value) {
        rex(0, 0, 0, to.number());
        put(0xB8 | to.number() & 7);
        put32(value);
    }

    /** Loads 32 bits and clears the upper ones. */
    void load32(Gpr to, Gpr base, int displacement) {
        rex(0, to.number(), 0, base.number());
        put(0x8B);
        memory(to.number(), base, displacement, 1);
    }

    void load64(Gpr to, Gpr base, int displacement) {
        rex(1, to.number(), 0, base.number());
        put(0x8B);
        memory(to.number(), base, displacement, 1);
    }

    void store32(Gpr base, int displacement, Gpr from) {
        rex(0, from.number(), 0, base.number());
        put(0x89);
        memory(from.number(), base, displacement, 1);
    }

    void store64(Gpr base, int displacement, Gpr from) {
        rex(1, from.number(), 0, base.number());
        put(0x89);
        memory(from.number(), base, displacement, 1);
    }

    void store8(Gpr base, int displacement, Gpr from) {
        rex(0, from.number(), 0, base.number());
        put(0x88);
        memory(from.number(), base, displacement, 1);
    }

    /** Takes the address of a place in the code. */
    void address(Gpr to, Label label) {
        rex(1, to.number(), 0, 0);
        put(0x8D);
        put((to.number() & 7) << 3 | 5);
        distanceTo(label);
    }

    void push(Gpr register) {
        rex(0, 0, 0, register.number());
        put(0x50 | register.number() & 7);
    }

    void pop(Gpr register) {
        rex(0, 0, 0, register.number());
        put(0x58 | register.number() & 7);
    }

    void cpuid() {
        put(0x0F);
        put(0xA2);
    }

    void xgetbv() {
        put(0x0F);
        put(0x01);
        put(0xD0);
    }

    /** Fetches a cache line that will be read soon; an address that cannot be read does no harm. */
    void prefetch(Gpr base, int displacement) {
        rex(0, 0, 0, base.number());
        put(0x0F);
        put(0x18);
        memory(1, base, displacement, 1);
    }

    /**
     * The bytes that name a register and memory.
     *
     * @param unit what a displacement of one byte counts in
     */
    private void memory(int reg, Gpr base, int displacement, int unit) {
        int low = base.number() & 7;
        boolean none = displacement == 0 && low != 5;
        int scaled = displacement / unit;
        boolean one = displacement % unit == 0 && scaled == (byte) scaled;
        put((none ? 0 : one ? 0x40 : 0x80) | (reg & 7) << 3 | low);
        if (low == 4) {
            put(0x24);
        }
        if (!none && one) {
            put(scaled);
        } else if (!none) {
            put32(displacement);
        }
    }

    // ---- vector registers

    /** Clears the upper halves, which code without vectors beside this expects. */
    void vzeroupper() {
        put(0xC5);
        put(0xF8);
        put(0x77);
    }

    /** An instruction of a target and one source. */
    void vector(VectorOp op, int bits, Vec to, Operand from) {
        encode(op, bits, to.number(), 0, from);
    }

    /** An instruction of a target and two sources. */
    void vector(VectorOp op, int bits, Vec to, Vec left, Operand right) {
        encode(op, bits, to.number(), left.number(), right);
    }

    /** An instruction of a target, one source and a constant byte. */
    void vector(VectorOp op, int bits, Vec to, Operand from, int constant) {
        encode(op, bits, to.number(), 0, from);
        put(constant);
    }

    /** An instruction of a target, two sources and a constant byte. */
    void vector(VectorOp op, int bits, Vec to, Vec left, Operand right, int constant) {
        encode(op, bits, to.number(), left.number(), right);
        put(constant);
    }

    void store(int bits, Memory to, Vec from) {
        encode(VectorOp.STORE, bits, from.number(), 0, to);
    }

    void storeOne(Memory to, Vec from) {
        encode(VectorOp.STORE_ONE, 128, from.number(), 0, to);
    }

    /** Narrows floats to f16, rounding to the nearest, halves to even. */
    void narrowToHalf(int bits, Vec to, Vec from) {
        encode(VectorOp.FLOAT_TO_HALF, bits, from.number(), 0, to);
        put(0);
    }

    /** Narrows to bytes in memory, saturating; a quarter of the vector's size is written. */
    void storeBytes(int bits, Memory to, Vec from) {
        encode(VectorOp.INTS_TO_BYTES, bits, from.number(), 0, to);
    }

    /** The upper half of a vector of {@code bits}. */
    void upperHalf(int bits, Vec to, Vec from) {
        encode(bits == 512 ? VectorOp.EXTRACT_256 : VectorOp.EXTRACT_128, bits, from.number(), 0, to);
        put(1);
    }

    /** Copies a general register's 32 bits into the lowest lane. */
    void move(Vec to, Gpr from) {
        vexOrEvex(VectorOp.MOVE_FROM_GPR, 128, to.number(), 0, from.number() >> 3, 0, false);
        put(VectorOp.MOVE_FROM_GPR.opcode);
        registers(to.number(), from.number());
    }

    /** Shifts what is in a register, or under EVEX in memory. */
    void shiftShortsRight(int bits, Vec to, Operand from, int count) {
        encode(VectorOp.SHIFT_SHORTS, bits, 2, to.number(), from);
        put(count);
    }

    /** Copies of the sign come in from the left. */
    void shiftShortsRightSigned(int bits, Vec to, Vec from, int count) {
        encode(VectorOp.SHIFT_SHORTS, bits, 4, to.number(), from);
        put(count);
    }

    void shiftShortsLeft(int bits, Vec to, Operand from, int count) {
        encode(VectorOp.SHIFT_SHORTS, bits, 6, to.number(), from);
        put(count);
    }

    void shiftIntsLeft(int bits, Vec to, Vec from, int count) {
        encode(VectorOp.SHIFT_INTS, bits, 6, to.number(), from);
        put(count);
    }

    /** Copies of the sign come in from the left. */
    void shiftIntsRightSigned(int bits, Vec to, Vec from, int count) {
        encode(VectorOp.SHIFT_INTS, bits, 4, to.number(), from);
        put(count);
    }

    private void encode(VectorOp op, int bits, int reg, int second, Operand rm) {
        switch (rm) {
            case Vec(int number) -> {
                boolean evex = vexOrEvex(op, bits, reg, second, number >> 3 & 1 | number >> 4 << 1, 0, number > 15);
                assert evex || number < 16;
                put(op.opcode);
                registers(reg, number);
            }
            case Memory(Gpr base, int displacement, boolean broadcast) -> {
                boolean evex = vexOrEvex(op, bits, reg, second, base.number() >> 3, broadcast ? 1 : 0, broadcast);
                put(op.opcode);
                memory(reg, base, displacement, evex ? op.tuple.bytes(bits / 8, broadcast) : 1);
            }
        }
    }

    /**
     * The prefix; answers whether it is EVEX.
     *
     * @param extension bits X and B that extend the last operand
     */
    private boolean vexOrEvex(VectorOp op, int bits, int reg, int second, int extension, int broadcast, boolean asked) {
        boolean evex = asked || bits == 512 || reg > 15 || second > 15 || op.needsEvex();
        int extended = ~extension & 3;
        int length = bits == 512 ? 2 : bits == 256 ? 1 : 0;
        if (evex) {
            put(0x62);
            put((~reg >> 3 & 1) << 7 | extended << 5 | (~reg >> 4 & 1) << 4 | op.map);
            put((op.wide() ? 1 : 0) << 7 | (~second & 15) << 3 | 4 | op.prefix);
            put(length << 5 | broadcast << 4 | (~second >> 4 & 1) << 3);
        } else {
            put(0xC4);
            put((~reg >> 3 & 1) << 7 | extended << 5 | op.map);
            put((~second & 15) << 3 | length << 2 | op.prefix);
        }
        return evex;
    }
}
