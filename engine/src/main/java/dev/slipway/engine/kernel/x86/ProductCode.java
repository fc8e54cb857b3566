package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R10;
import static dev.slipway.engine.kernel.x86.Gpr.R11;
import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.R9;
import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;

import dev.slipway.engine.kernel.x86.Operand.Vec;

/**
 * The product of packed weights with a tile of activations:
 * {@code (weights, activations, results, steps, groups, tokenStride)} in the order of the System V calling convention.
 *
 * <p>Writes {@code groups ×} {@value BlockForm#ROWS} results for each token; a token's results begin
 * {@code tokenStride} bytes after those of the token before. Every sum runs along the columns in order, whatever the
 * number of tokens and whatever the level, so that a token has the same bits alone and in any batch.
 */
public final class ProductCode {
    /** Where the weights of a group stand while it is worked on. */
    static final Gpr WEIGHTS = R10;

    static final Gpr ACTIVATIONS = R11;

    /** How far ahead of its use memory is fetched: what one core's line buffers need to stay full. */
    private static final int AHEAD = 8192;

    private static final int LINE = 64;

    private ProductCode() {}

    /** Most tokens that a product of quantised weights takes at a time. */
    public static int mostTokens(Level level, BlockForm form) {
        return level.lanes() == 16 ? 6 : 4;
    }

    /** Most tokens that a product of float weights takes at a time. */
    public static int mostTokens(Level level, FloatForm form) {
        return level.lanes() == 16 ? 12 : 6;
    }

    /** The product for quantised weights. */
    public static byte[] of(Level level, BlockForm form, int tokens) {
        return emit(level, new BlockInner(level, form, tokens));
    }

    /** The product for float weights; their activations lie column by column, in each column token by token. */
    public static byte[] of(Level level, FloatForm form, int tokens) {
        return emit(level, new FloatInner(level, form, tokens));
    }

    private static byte[] emit(Level level, Inner inner) {
        Assembler a = new Assembler();
        inner.prepare(a);
        Assembler.Label group = a.here();
        int parts = BlockForm.ROWS / level.lanes();
        for (int part = 0; part < parts; part += inner.tile().parts()) {
            pass(a, level, inner, part);
        }
        a.mov(RDI, WEIGHTS);
        a.add(RDI, inner.tailBytes());
        a.add(RDX, BlockForm.ROWS * Float.BYTES);
        a.sub(R8, 1);
        a.jump(Assembler.Condition.NOT_ZERO, group);
        a.vzeroupper();
        a.ret();
        inner.data(a);
        return a.bytes();
    }

    private static void pass(Assembler a, Level level, Inner inner, int firstPart) {
        Inner.Tile tile = inner.tile();
        Vec[][] sums = new Vec[tile.parts()][tile.tokens()];
        for (int i = 0; i < tile.parts() * tile.tokens(); i++) {
            Vec sum = new Vec(i);
            sums[i / tile.tokens()][i % tile.tokens()] = sum;
            a.vector(VectorOp.XOR, level.bits(), sum, sum, sum);
        }
        a.mov(WEIGHTS, RDI);
        a.mov(ACTIVATIONS, RSI);
        a.mov(RAX, RCX);
        Assembler.Label step = a.here();
        if (tile.tokens() == 1) {
            for (int line = 0; line < inner.weightBytes(); line += LINE) {
                a.prefetch(WEIGHTS, AHEAD + line);
            }
        }
        inner.step(a, firstPart, sums);
        a.add(WEIGHTS, inner.weightBytes());
        a.add(ACTIVATIONS, inner.activationBytes() * tile.tokens());
        a.sub(RAX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, step);
        inner.finish(a, firstPart, sums);
        a.mov(R11, RDX);
        for (int token = 0; token < tile.tokens(); token++) {
            for (int part = 0; part < tile.parts(); part++) {
                int at = (firstPart + part) * level.bits() / Byte.SIZE;
                a.store(level.bits(), Operand.at(R11, at), sums[part][token]);
            }
            a.add(R11, R9);
        }
    }
}
