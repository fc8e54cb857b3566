package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R10;
import static dev.slipway.engine.kernel.x86.Gpr.R13;
import static dev.slipway.engine.kernel.x86.Gpr.R14;
import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.R9;
import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RSP;

import dev.slipway.engine.kernel.x86.Operand.Vec;

/**
 * The two products of attention: a few rows of queries with a page of keys, and their shares with the page's values. Both
 * take each vector of the page once for all rows; every sum runs in order.
 *
 * <p>R13 has the page's keys, R14 its values; RAX, R8, R9 and R10 are used up, and {@link #mix} uses up R13.
 */
final class PageInner {
    /** Vectors that are multiplied with a broadcast number together. */
    private static final int PAIR = 2;

    private static final int LINE = 64;

    private final Assembler a;
    private final Level level;
    private final CacheForm form;
    private final int rows;
    private final int wide;
    private final Vec each;
    private final Vec scale;
    private final int scalesAt;

    /**
     * Code for so many rows.
     *
     * @param scalesAt where on the stack there is room for the scales of a page's positions, as floats
     */
    PageInner(Assembler a, Level level, CacheForm form, int rows, int scalesAt) {
        this.a = a;
        this.level = level;
        this.form = form;
        this.rows = rows;
        this.wide = wide(level);
        this.each = new Vec(rows * wide + PAIR);
        this.scale = new Vec(form.values().scaled() ? rows * wide + PAIR + 1 : 0);
        this.scalesAt = scalesAt;
    }

    /** Vectors side by side in one pass. */
    private static int wide(Level level) {
        return level.lanes() == 16 ? 4 : 2;
    }

    /** Most rows that fit the registers. */
    static int mostRows(Level level, CacheForm form) {
        int registers = level.lanes() == 16 ? 32 : 16;
        return (registers - PAIR - 1 - (form.values().scaled() ? 1 : 0)) / wide(level);
    }

    private Vec sum(int row, int vector) {
        return new Vec(row * wide + vector);
    }

    private Vec taken(int inPair) {
        return new Vec(rows * wide + inPair);
    }

    private int vectorBytes() {
        return level.bits() / Byte.SIZE;
    }

    // ---- scores

    /**
     * Writes the rows' raw scores to the stack.
     *
     * @param queries where the first row's query lies; the next one lies behind it
     */
    void scores(Gpr queries) {
        for (int first = 0; first < form.page(); first += wide * level.lanes()) {
            for (int i = 0; i < rows * wide; i++) {
                a.vector(VectorOp.XOR, level.bits(), new Vec(i), new Vec(i), new Vec(i));
            }
            a.mov(RAX, R13);
            a.mov(R8, queries);
            if (form.keys().scaled()) {
                scaledKeys(first);
            } else {
                dimensions(first, form.headSize());
            }
            for (int row = 0; row < rows; row++) {
                for (int v = 0; v < wide; v++) {
                    int at = row * form.page() * Float.BYTES + (first + v * level.lanes()) * Float.BYTES;
                    a.store(level.bits(), Operand.at(RSP, at), sum(row, v));
                }
            }
        }
    }

    private void scaledKeys(int first) {
        int whole = form.headSize() / CacheForm.BLOCK;
        if (whole > 0) {
            a.mov(R10, whole);
            Assembler.Label block = a.here();
            block(first, CacheForm.BLOCK);
            a.sub(R10, 1);
            a.jump(Assembler.Condition.NOT_ZERO, block);
        }
        if (form.headSize() % CacheForm.BLOCK > 0) {
            block(first, form.headSize() % CacheForm.BLOCK);
        }
    }

    private void block(int first, int dimensions) {
        for (int v = 0; v < wide; v++) {
            int at = (first + v * level.lanes()) * CacheForm.SCALE_BYTES;
            a.vector(VectorOp.HALF_TO_FLOAT, level.bits(), taken(0), Operand.at(RAX, at));
            a.store(level.bits(), scaleAt(v), taken(0));
        }
        a.add(RAX, form.keyScales());
        dimensions(first, dimensions);
    }

    private Operand.Memory scaleAt(int vector) {
        return Operand.at(RSP, scalesAt + vector * vectorBytes());
    }

    /** Some dimensions of the keys, from RAX on. */
    private void dimensions(int first, int count) {
        int step = form.page() * form.keys().bytes();
        a.mov(R9, count);
        Assembler.Label dimension = a.here();
        if (first == 0) {
            // Values come right behind the keys.
            int ahead = form.headSize() * step + (form.keys().scaled() ? form.blocks() * form.keyScales() : 0);
            prefetch(RAX, ahead, step);
        }
        for (int v = 0; v < wide; v += PAIR) {
            for (int i = 0; i < PAIR; i++) {
                int at = (first + (v + i) * level.lanes()) * form.keys().bytes();
                take(form.keys(), taken(i), Operand.at(RAX, at), scaleAt(v + i));
            }
            multiply(v, PAIR, R8, form.headSize() * Float.BYTES);
        }
        a.add(RAX, step);
        a.add(R8, Float.BYTES);
        a.sub(R9, 1);
        a.jump(Assembler.Condition.NOT_ZERO, dimension);
    }

    private void prefetch(Gpr base, int ahead, int bytes) {
        for (int line = 0; line < bytes; line += LINE) {
            a.prefetch(base, ahead + line);
        }
    }

    private void take(CacheForm.Stored stored, Vec to, Operand.Memory from, Operand scale) {
        int bits = level.bits();
        switch (stored) {
            case FLOAT -> a.vector(VectorOp.LOAD, bits, to, from);
            case HALF -> a.vector(VectorOp.HALF_TO_FLOAT, bits, to, from);
            case SCALED_BYTE -> {
                a.vector(VectorOp.WIDEN_BYTE_SIGNED, bits, to, from);
                a.vector(VectorOp.INT_TO_FLOAT, bits, to, to);
                a.vector(VectorOp.MULTIPLY, bits, to, to, scale);
            }
        }
    }

    /** Multiplies the vectors taken last with each row's number. */
    private void multiply(int firstVector, int vectors, Gpr numbers, int rowBytes) {
        for (int row = 0; row < rows; row++) {
            a.vector(VectorOp.BROADCAST_FLOAT, level.bits(), each, Operand.at(numbers, row * rowBytes));
            for (int i = 0; i < vectors; i++) {
                a.vector(VectorOp.FMA, level.bits(), sum(row, firstVector + i), taken(i), each);
            }
        }
    }

    // ---- values

    /**
     * Scales the rows' mixed values down and adds the page's values, each times its share.
     *
     * @param state the first row's
     * @param decays where on the stack the rows' decays stand
     * @param countAt where on the stack the number of positions stands
     * @param ahead what will be read next, as far away from it as the values are read; fetched beforehand
     */
    void mix(Gpr state, int decays, int countAt, Gpr ahead) {
        int all = form.valueRow() / level.lanes();
        for (int first = 0; first < all; first += wide) {
            int vectors = Math.min(wide, all - first);
            for (int row = 0; row < rows; row++) {
                a.vector(VectorOp.BROADCAST_FLOAT, level.bits(), each, Operand.at(RSP, decays + row * Float.BYTES));
                for (int v = 0; v < vectors; v++) {
                    a.vector(VectorOp.MULTIPLY, level.bits(), sum(row, v), each, stateAt(state, row, first + v));
                }
            }
            positions(first, vectors, countAt, ahead);
            for (int row = 0; row < rows; row++) {
                for (int v = 0; v < vectors; v++) {
                    a.store(level.bits(), stateAt(state, row, first + v), sum(row, v));
                }
            }
        }
    }

    private Operand.Memory stateAt(Gpr state, int row, int vector) {
        return Operand.at(state, row * form.stateFloats() * Float.BYTES + vector * vectorBytes());
    }

    private void positions(int first, int vectors, int countAt, Gpr ahead) {
        int step = form.valueRow() * form.values().bytes();
        a.mov(RAX, R14);
        a.mov(R8, RSP);
        a.load64(R9, RSP, countAt);
        boolean fetch = first == 0;
        if (form.values().scaled()) {
            a.mov(R10, R14);
        }
        if (fetch) {
            a.mov(R13, ahead);
        }
        Assembler.Label position = a.here();
        if (fetch) {
            prefetch(R13, 0, step);
            a.add(R13, step);
        }
        for (int v = 0; v < vectors; v += PAIR) {
            int count = Math.min(PAIR, vectors - v);
            int element = (first + v) * level.lanes();
            if (form.values().scaled()) {
                int at = element / CacheForm.BLOCK * CacheForm.SCALE_BYTES;
                a.vector(VectorOp.BROADCAST_SHORT, level.bits() / 2, scale, Operand.at(R10, at));
                a.vector(VectorOp.HALF_TO_FLOAT, level.bits(), scale, scale);
            }
            for (int i = 0; i < count; i++) {
                int at = form.valueScales()
                        + (element + i * level.lanes()) * form.values().bytes();
                take(form.values(), taken(i), Operand.at(RAX, at), scale);
            }
            multiply(v, count, R8, form.page() * Float.BYTES);
        }
        a.add(RAX, step);
        a.add(R8, Float.BYTES);
        if (form.values().scaled()) {
            a.add(R10, form.blocks() * CacheForm.SCALE_BYTES);
        }
        a.sub(R9, 1);
        a.jump(Assembler.Condition.NOT_ZERO, position);
    }
}
