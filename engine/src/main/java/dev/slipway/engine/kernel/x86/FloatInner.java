package dev.slipway.engine.kernel.x86;

import dev.slipway.engine.kernel.x86.Operand.Memory;
import dev.slipway.engine.kernel.x86.Operand.Vec;

/** One column of a group of float weights. */
final class FloatInner implements Inner {
    private final Level level;
    private final FloatForm form;
    private final Tile tile;
    private final Vec[] weights;
    private final Vec each;

    FloatInner(Level level, FloatForm form, int tokens) {
        this.level = level;
        this.form = form;
        int parts = level.lanes() == 16 || tokens > 1 ? 2 : 4;
        this.tile = new Tile(parts, parts, tokens);
        this.weights = new Vec[parts];
        for (int part = 0; part < parts; part++) {
            weights[part] = new Vec(parts * tokens + part);
        }
        this.each = new Vec(parts * tokens + parts);
    }

    @Override
    public int weightBytes() {
        return form.columnBytes();
    }

    @Override
    public int activationBytes() {
        return Float.BYTES;
    }

    @Override
    public int tailBytes() {
        return 0;
    }

    @Override
    public Tile tile() {
        return tile;
    }

    @Override
    public void prepare(Assembler a) {}

    @Override
    public void step(Assembler a, int firstPart, Vec[][] sums) {
        int bits = level.bits();
        for (int part = 0; part < tile.parts(); part++) {
            int at = (firstPart + part) * level.lanes() * form.bytes();
            load(a, weights[part], Operand.at(ProductCode.WEIGHTS, at));
        }
        for (int token = 0; token < tile.tokens(); token++) {
            a.vector(VectorOp.BROADCAST_FLOAT, bits, each, Operand.at(ProductCode.ACTIVATIONS, token * Float.BYTES));
            for (int part = 0; part < tile.parts(); part++) {
                a.vector(VectorOp.FMA, bits, sums[part][token], weights[part], each);
            }
        }
    }

    private void load(Assembler a, Vec to, Memory from) {
        switch (form) {
            case F32 -> a.vector(VectorOp.LOAD, level.bits(), to, from);
            case F16 -> a.vector(VectorOp.HALF_TO_FLOAT, level.bits(), to, from);
            case BF16 -> {
                a.vector(VectorOp.WIDEN_SHORT, level.bits(), to, from);
                a.shiftIntsLeft(level.bits(), to, to, 16);
            }
        }
    }

    @Override
    public void finish(Assembler a, int firstPart, Vec[][] sums) {}

    @Override
    public void data(Assembler a) {}
}
