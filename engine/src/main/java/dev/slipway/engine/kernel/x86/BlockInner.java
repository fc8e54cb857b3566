package dev.slipway.engine.kernel.x86;

import dev.slipway.engine.kernel.x86.Operand.Memory;
import dev.slipway.engine.kernel.x86.Operand.Vec;

/**
 * One block of a group of quantised weights.
 *
 * <p>Codes are unsigned and activations signed, as the instruction for products of bytes wants them. What was added to
 * make weights unsigned is taken off by the sums' starting values. Without that instruction products of two bytes are
 * added up in 16 bits, which codes of more than seven bits would overflow; there, signs move from weights to activations.
 */
final class BlockInner implements Inner {
    private static final int SCALE = 0;
    private static final int SCALED_SUM = 4;
    private static final int MINUS_SUM = 8;

    /** The truth table of {@code a | b & c}. */
    private static final int OR_OF_AND = 0xF8;

    private final Level level;
    private final int bits;
    private final BlockForm form;
    private final boolean signed;
    private final Tile tile;
    private final Assembler.Label tableAt;

    private final Vec[] raw;
    private final Vec[] value;
    private final Vec each;
    private final Vec mask;
    private final Vec upperMask;
    private final Vec table;
    private final Vec product;
    private final Vec ones;
    private final Vec magnitude;

    BlockInner(Level level, BlockForm form, int tokens) {
        this.level = level;
        this.bits = level.bits();
        this.form = form;
        this.signed = !level.dotsBytes() && form.offsetShift() == 7;
        boolean wide = level.lanes() == 16;
        this.tile = wide ? new Tile(2, 2, tokens) : new Tile(tokens == 1 ? 4 : 1, 1, tokens);
        this.tableAt = Assembler.label();
        int next = 2 * tile.parts() * tokens;
        this.raw = new Vec[tile.shared()];
        this.value = new Vec[tile.shared()];
        for (int i = 0; i < tile.shared(); i++) {
            raw[i] = new Vec(next++);
            value[i] = new Vec(next++);
        }
        this.each = new Vec(next++);
        this.mask = new Vec(next++);
        this.upperMask = form.upperBits() > 0 ? new Vec(next++) : mask;
        this.table = form.hasTable() ? new Vec(next++) : mask;
        boolean dots = level.dotsBytes();
        this.product = dots ? mask : new Vec(next++);
        this.ones = dots ? mask : new Vec(next++);
        this.magnitude = signed ? new Vec(next++) : mask;
    }

    @Override
    public int weightBytes() {
        return form.blockBytes();
    }

    @Override
    public int activationBytes() {
        return form.activationBytes();
    }

    @Override
    public int tailBytes() {
        return BlockForm.FACTOR_BYTES;
    }

    @Override
    public Tile tile() {
        return tile;
    }

    @Override
    public void prepare(Assembler a) {
        if (form.bits() < 8) {
            int low = (1 << form.bits()) - 1;
            constant(a, mask, low * 0x01010101);
        } else if (signed) {
            constant(a, mask, 0x80808080);
        }
        if (form.upperBits() > 0) {
            constant(a, upperMask, ((1 << form.upperBits()) - 1 << form.bits()) * 0x01010101);
        }
        if (!level.dotsBytes()) {
            constant(a, ones, 0x00010001);
        }
        if (form.hasTable()) {
            a.address(Gpr.RAX, tableAt);
            a.vector(VectorOp.BROADCAST_16_BYTES, bits, table, Operand.at(Gpr.RAX, 0));
        }
    }

    private void constant(Assembler a, Vec to, int value) {
        a.mov(Gpr.RAX, value);
        a.move(to, Gpr.RAX);
        a.vector(VectorOp.BROADCAST_INT, bits, to, to);
    }

    @Override
    public void step(Assembler a, int firstPart, Vec[][] sums) {
        Vec[][] dots = new Vec[tile.parts()][tile.tokens()];
        int first = tile.parts() * tile.tokens();
        for (int i = 0; i < first; i++) {
            dots[i / tile.tokens()][i % tile.tokens()] = new Vec(first + i);
        }
        start(a, dots);
        for (int plane = 0; plane < form.planes(); plane++) {
            if (plane > 0) {
                nextPlane(a, dots);
            }
            for (int part = 0; part < tile.parts(); part += tile.shared()) {
                for (int load = 0; load < form.steps(); load++) {
                    multiplyStep(a, firstPart, part, plane, load, dots);
                }
            }
        }
        addUp(a, firstPart, dots, sums);
        if (form.minimum()) {
            addMinimums(a, firstPart, sums);
        }
    }

    /** With one plane, sums start at what undoes the offset of unsigned weights; with two, it is added between them. */
    private void start(Assembler a, Vec[][] dots) {
        boolean offset = hasOffset() && form.planes() == 1;
        for (int token = 0; token < tile.tokens(); token++) {
            Vec lead = dots[0][token];
            if (offset) {
                a.vector(VectorOp.BROADCAST_INT, bits, lead, activation(token, MINUS_SUM));
                a.shiftIntsLeft(bits, lead, lead, form.offsetShift());
            } else {
                a.vector(VectorOp.XOR, bits, lead, lead, lead);
            }
            for (int part = 1; part < tile.parts(); part++) {
                a.vector(VectorOp.LOAD, bits, dots[part][token], lead);
            }
        }
    }

    private boolean hasOffset() {
        return form.offsetShift() >= 0 && !signed;
    }

    private void nextPlane(Assembler a, Vec[][] dots) {
        for (int token = 0; token < tile.tokens(); token++) {
            if (hasOffset()) {
                a.vector(VectorOp.BROADCAST_INT, bits, each, activation(token, MINUS_SUM));
                a.shiftIntsLeft(bits, each, each, form.offsetShift());
            }
            for (int part = 0; part < tile.parts(); part++) {
                Vec dot = dots[part][token];
                a.shiftIntsLeft(bits, dot, dot, BlockForm.PLANE_SHIFT);
                if (hasOffset()) {
                    a.vector(VectorOp.ADD_INT, bits, dot, dot, each);
                }
            }
        }
    }

    private void multiplyStep(Assembler a, int firstPart, int part, int plane, int load, Vec[][] dots) {
        for (int i = 0; i < tile.shared(); i++) {
            int row = (firstPart + part + i) * level.lanes();
            int at = form.headerBytes() + load * BlockForm.stepBytes() + row * 4;
            a.vector(VectorOp.LOAD, bits, raw[i], Operand.at(ProductCode.WEIGHTS, at));
        }
        boolean plain = form.bits() == 8 && !signed;
        for (int n = 0; n < form.perByte(); n++) {
            for (int i = 0; i < tile.shared(); i++) {
                unpack(a, n, raw[i], value[i]);
                if (form.upperBits() > 0) {
                    addUpperBits(a, firstPart + part + i, load * form.perByte() + n, value[i]);
                }
            }
            int column = plane * form.unit() + 4 * (load * form.perByte() + n);
            for (int token = 0; token < tile.tokens(); token++) {
                a.vector(VectorOp.BROADCAST_INT, bits, each, activation(token, BlockForm.ACTIVATION_HEADER + column));
                for (int i = 0; i < tile.shared(); i++) {
                    dot(a, dots[part + i][token], plain ? raw[i] : value[i]);
                }
            }
        }
    }

    /** Takes the n-th codes out of the bytes and turns them into what is multiplied. */
    private void unpack(Assembler a, int n, Vec from, Vec to) {
        if (form.bits() == 8) {
            if (signed) {
                a.vector(VectorOp.XOR, bits, to, from, mask);
            }
        } else {
            if (n > 0) {
                a.shiftShortsRight(bits, to, from, n * form.bits());
            }
            a.vector(VectorOp.AND, bits, to, n > 0 ? to : from, mask);
            if (form.hasTable()) {
                a.vector(VectorOp.SHUFFLE_BYTES, bits, to, table, to);
            }
        }
        if (signed) {
            a.vector(VectorOp.ABSOLUTE_BYTES, bits, magnitude, to);
        }
    }

    /** Puts the upper bits of the n-th four columns of a block before the lower ones. */
    private void addUpperBits(Assembler a, int part, int n, Vec to) {
        int at = form.headerBytes() + form.steps() * BlockForm.stepBytes() + part * level.lanes() * 4;
        Memory from = Operand.at(ProductCode.WEIGHTS, at);
        int right = n * form.upperBits() - form.bits();
        if (bits == 512) {
            if (right == 0) {
                a.vector(VectorOp.LOAD, bits, each, from);
            } else {
                shift(a, from, right);
            }
            a.vector(VectorOp.TERNARY, bits, to, each, upperMask, OR_OF_AND);
        } else {
            a.vector(VectorOp.LOAD, bits, each, from);
            shift(a, each, right);
            a.vector(VectorOp.AND, bits, each, each, upperMask);
            a.vector(VectorOp.OR, bits, to, to, each);
        }
    }

    private void shift(Assembler a, Operand from, int right) {
        if (right > 0) {
            a.shiftShortsRight(bits, each, from, right);
        } else if (right < 0) {
            a.shiftShortsLeft(bits, each, from, -right);
        }
    }

    private void dot(Assembler a, Vec sum, Vec weights) {
        if (level.dotsBytes()) {
            a.vector(VectorOp.DOT_BYTES, bits, sum, weights, each);
            return;
        }
        if (signed) {
            a.vector(VectorOp.SIGN_BYTES, bits, product, each, weights);
            a.vector(VectorOp.MULTIPLY_ADD_BYTES, bits, product, magnitude, product);
        } else {
            a.vector(VectorOp.MULTIPLY_ADD_BYTES, bits, product, weights, each);
        }
        a.vector(VectorOp.MULTIPLY_ADD_SHORTS, bits, product, product, ones);
        a.vector(VectorOp.ADD_INT, bits, sum, sum, product);
    }

    /** Adds {@code scale · scale of the activations · dot} to the sums. */
    private void addUp(Assembler a, int firstPart, Vec[][] dots, Vec[][] sums) {
        for (int part = 0; part < tile.parts(); part += tile.shared()) {
            for (int i = 0; i < tile.shared(); i++) {
                a.vector(VectorOp.HALF_TO_FLOAT, bits, raw[i], halves(firstPart + part + i, 0));
            }
            for (int token = 0; token < tile.tokens(); token++) {
                a.vector(VectorOp.BROADCAST_FLOAT, bits, each, activation(token, SCALE));
                for (int i = 0; i < tile.shared(); i++) {
                    Vec dot = dots[part + i][token];
                    a.vector(VectorOp.INT_TO_FLOAT, bits, dot, dot);
                    a.vector(VectorOp.MULTIPLY, bits, value[i], raw[i], each);
                    a.vector(VectorOp.FMA, bits, sums[part + i][token], dot, value[i]);
                }
            }
        }
    }

    private void addMinimums(Assembler a, int firstPart, Vec[][] sums) {
        for (int part = 0; part < tile.parts(); part += tile.shared()) {
            for (int i = 0; i < tile.shared(); i++) {
                a.vector(VectorOp.HALF_TO_FLOAT, bits, raw[i], halves(firstPart + part + i, 1));
            }
            for (int token = 0; token < tile.tokens(); token++) {
                a.vector(VectorOp.BROADCAST_FLOAT, bits, each, activation(token, SCALED_SUM));
                for (int i = 0; i < tile.shared(); i++) {
                    a.vector(VectorOp.FMA, bits, sums[part + i][token], raw[i], each);
                }
            }
        }
    }

    private Memory halves(int part, int which) {
        return Operand.at(ProductCode.WEIGHTS, (which * BlockForm.ROWS + part * level.lanes()) * Short.BYTES);
    }

    private Memory activation(int token, int at) {
        return Operand.at(ProductCode.ACTIVATIONS, token * form.activationBytes() + at);
    }

    @Override
    public void finish(Assembler a, int firstPart, Vec[][] sums) {
        for (int part = 0; part < tile.parts(); part++) {
            Memory factors = Operand.at(ProductCode.WEIGHTS, (firstPart + part) * bits / Byte.SIZE);
            for (Vec sum : sums[part]) {
                a.vector(VectorOp.MULTIPLY, bits, sum, sum, factors);
            }
        }
    }

    @Override
    public void data(Assembler a) {
        if (form.hasTable()) {
            a.align(16);
            a.place(tableAt);
            byte[] values = form.table().clone();
            if (!signed) {
                for (int i = 0; i < values.length; i++) {
                    values[i] ^= (byte) 0x80;
                }
            }
            a.data(values);
        }
    }
}
