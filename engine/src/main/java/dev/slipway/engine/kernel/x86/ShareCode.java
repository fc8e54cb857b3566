package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R12;
import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.R9;

import dev.slipway.engine.kernel.x86.Operand.Memory;
import dev.slipway.engine.kernel.x86.Operand.Vec;
import org.jspecify.annotations.Nullable;

/**
 * Turns one row's raw scores of a page into shares, and brings its largest score and sum up to date: one step of the online
 * softmax. R8 points at the row's scores, R9 at the constants; R12 is the page's first position.
 */
final class ShareCode {
    private static final int ONE = 128;

    private final Assembler a;
    private final int bits;
    private final int vectors;
    private final int page;
    private final AttentionCode.Numbers numbers;
    private final Assembler.Label constants = Assembler.label();
    private final Vec work;
    private final Vec rounded;
    private final Vec least;
    private final Vec factor;
    private final Vec negated;
    private final Vec top;

    ShareCode(Assembler a, Level level, int page, AttentionCode.Numbers numbers) {
        this.a = a;
        this.bits = level.bits();
        this.page = page;
        this.vectors = page / level.lanes();
        this.numbers = numbers;
        this.work = new Vec(vectors);
        this.rounded = new Vec(vectors + 1);
        this.least = new Vec(vectors + 2);
        this.factor = new Vec(vectors + 3);
        this.negated = new Vec(vectors + 4);
        this.top = new Vec(vectors + 5);
    }

    private Vec score(int vector) {
        return new Vec(vector);
    }

    private Memory constant(int index) {
        return Operand.at(R9, index * bits / Byte.SIZE);
    }

    private static final int HIDDEN = 0;
    private static final int LEAST = 1;
    private static final int ROUNDER = 2;
    private static final int POWERS = 3;

    private Memory lane(int vector) {
        return constant(POWERS + numbers.powers().length + vector);
    }

    /** What stays the same for all rows. The factor's bits stand at {@code factorAt}. */
    void prepare(Memory factorAt) {
        a.address(R9, constants);
        a.vector(VectorOp.BROADCAST_FLOAT, bits, factor, factorAt);
        a.vector(VectorOp.LOAD, bits, least, constant(LEAST));
    }

    /**
     * One row.
     *
     * @param range where it looks; nothing when it looks at the whole page
     */
    void row(Places places, @Nullable Range range) {
        for (int v = 0; v < vectors; v++) {
            a.vector(VectorOp.LOAD, bits, score(v), Operand.at(R8, v * bits / Byte.SIZE));
        }
        if (range != null) {
            hide(range);
        }
        largest();
        a.vector(VectorOp.LOAD_ONE, ONE, rounded, places.top);
        a.vector(VectorOp.MULTIPLY, ONE, work, work, factor);
        a.vector(VectorOp.MAXIMUM, ONE, top, rounded, work);
        a.storeOne(places.top, top);
        a.vector(VectorOp.SUBTRACT, ONE, negated, rounded, top);
        power(ONE, negated);
        a.storeOne(places.decay, negated);
        a.vector(VectorOp.BROADCAST_FLOAT, bits, top, top);
        a.vector(VectorOp.XOR, bits, negated, negated, negated);
        a.vector(VectorOp.SUBTRACT, bits, negated, negated, top);
        for (int v = 0; v < vectors; v++) {
            a.vector(VectorOp.MULTIPLY_THEN_ADD, bits, score(v), factor, negated);
            power(bits, score(v));
            if (range != null) {
                a.vector(VectorOp.AND, bits, score(v), score(v), at(range.masks, v));
            }
            a.store(bits, Operand.at(R8, v * bits / Byte.SIZE), score(v));
        }
        fold(VectorOp.ADD);
        a.vector(VectorOp.LOAD_ONE, ONE, work, places.sum);
        a.vector(VectorOp.LOAD_ONE, ONE, rounded, places.decay);
        a.vector(VectorOp.MULTIPLY_THEN_ADD, ONE, work, rounded, score(0));
        a.storeOne(places.sum, work);
    }

    /** Where a row keeps its largest score and its sum, and where it puts what earlier results are scaled down by. */
    record Places(Memory top, Memory sum, Memory decay) {}

    /**
     * What a row looks at.
     *
     * @param from the first position, and behind it in memory the one after the last
     * @param masks room for a page's masks
     */
    record Range(Memory from, Memory masks) {}

    private Memory at(Memory memory, int vector) {
        return Operand.at(memory.base(), memory.displacement() + vector * bits / Byte.SIZE);
    }

    /** Replaces the scores of positions that the row does not look at. */
    private void hide(Range range) {
        Memory from = range.from;
        a.move(rounded, R12);
        a.vector(VectorOp.BROADCAST_INT, bits, rounded, rounded);
        a.vector(VectorOp.BROADCAST_INT, bits, top, from);
        a.vector(VectorOp.BROADCAST_INT, bits, negated, Operand.at(from.base(), from.displacement() + Integer.BYTES));
        a.vector(VectorOp.SUBTRACT_INT, bits, top, top, rounded);
        a.vector(VectorOp.SUBTRACT_INT, bits, negated, negated, rounded);
        for (int v = 0; v < vectors; v++) {
            // Below "to": a lane minus it is negative. Below "from": a lane minus it is negative, too.
            a.vector(VectorOp.LOAD, bits, work, lane(v));
            a.vector(VectorOp.SUBTRACT_INT, bits, rounded, work, top);
            a.vector(VectorOp.SUBTRACT_INT, bits, work, work, negated);
            a.vector(VectorOp.AND_NOT, bits, work, rounded, work);
            a.shiftIntsRightSigned(bits, work, work, 31);
            a.store(bits, at(range.masks, v), work);
            a.vector(VectorOp.AND, bits, score(v), score(v), work);
            a.vector(VectorOp.AND_NOT, bits, work, work, constant(HIDDEN));
            a.vector(VectorOp.OR, bits, score(v), score(v), work);
        }
    }

    /** Leaves the largest score in the lowest lane of {@code work}. */
    private void largest() {
        a.vector(VectorOp.MAXIMUM, bits, work, score(0), score(1));
        for (int v = 2; v < vectors; v++) {
            a.vector(VectorOp.MAXIMUM, bits, work, work, score(v));
        }
        foldLanes(VectorOp.MAXIMUM, work);
    }

    /** Brings all scores together in the lowest lane, in halves. */
    private void fold(VectorOp op) {
        for (int half = vectors / 2; half > 0; half /= 2) {
            for (int v = 0; v < half; v++) {
                a.vector(op, bits, score(v), score(v), score(half + v));
            }
        }
        foldLanes(op, score(0));
    }

    private void foldLanes(VectorOp op, Vec lanes) {
        for (int wide = bits; wide > ONE; wide /= 2) {
            a.upperHalf(wide, rounded, lanes);
            a.vector(op, wide / 2, lanes, lanes, rounded);
        }
        for (int order : new int[] {0b01_00_11_10, 0b10_11_00_01}) {
            a.vector(VectorOp.PERMUTE_IN_128, ONE, rounded, lanes, order);
            a.vector(op, ONE, lanes, lanes, rounded);
        }
    }

    /** 2^v for v up to 0. */
    private void power(int width, Vec v) {
        // The second operand comes out where one is no number, so v stands there.
        a.vector(VectorOp.MAXIMUM, width, v, least, v);
        a.vector(VectorOp.ADD, width, rounded, v, constant(ROUNDER));
        a.vector(VectorOp.SUBTRACT, width, work, rounded, constant(ROUNDER));
        a.vector(VectorOp.SUBTRACT, width, v, v, work);
        a.vector(VectorOp.LOAD, width, work, constant(POWERS));
        for (int i = 1; i < numbers.powers().length; i++) {
            a.vector(VectorOp.MULTIPLY_THEN_ADD, width, work, v, constant(POWERS + i));
        }
        a.shiftIntsLeft(width, rounded, rounded, 23);
        a.vector(VectorOp.ADD_INT, width, v, work, rounded);
    }

    void data() {
        a.align(64);
        a.place(constants);
        repeat(numbers.hidden());
        repeat(numbers.leastExponent());
        repeat(numbers.rounder());
        for (float power : numbers.powers()) {
            repeat(power);
        }
        for (int position = 0; position < page; position++) {
            word(position);
        }
    }

    private void repeat(float value) {
        for (int lane = 0; lane < bits / Float.SIZE; lane++) {
            word(Float.floatToRawIntBits(value));
        }
    }

    private void word(int value) {
        a.data(new byte[] {(byte) value, (byte) (value >> 8), (byte) (value >> 16), (byte) (value >> 24)});
    }
}
