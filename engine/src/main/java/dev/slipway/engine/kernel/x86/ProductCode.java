package dev.slipway.engine.kernel.x86;

import static dev.slipway.engine.kernel.x86.Gpr.R10;
import static dev.slipway.engine.kernel.x86.Gpr.R11;
import static dev.slipway.engine.kernel.x86.Gpr.R12;
import static dev.slipway.engine.kernel.x86.Gpr.R8;
import static dev.slipway.engine.kernel.x86.Gpr.R9;
import static dev.slipway.engine.kernel.x86.Gpr.RAX;
import static dev.slipway.engine.kernel.x86.Gpr.RBP;
import static dev.slipway.engine.kernel.x86.Gpr.RBX;
import static dev.slipway.engine.kernel.x86.Gpr.RCX;
import static dev.slipway.engine.kernel.x86.Gpr.RDI;
import static dev.slipway.engine.kernel.x86.Gpr.RDX;
import static dev.slipway.engine.kernel.x86.Gpr.RSI;
import static dev.slipway.engine.kernel.x86.Gpr.RSP;

import dev.slipway.engine.kernel.x86.Operand.Vec;

/**
 * The product of packed weights with tiles of activations:
 * {@code (weights, activations, results, steps, groups, tokenStride, tiles)} in the order of the System V calling
 * convention. Each group of rows meets all tiles while it is near.
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

    /** Where the activations and the results of a tile begin, and how many tiles are left. */
    private static final Gpr TILE = RBX;

    private static final Gpr TILE_RESULTS = RBP;
    private static final Gpr TILES_LEFT = R12;
    private static final Gpr[] SAVED = {TILE, TILE_RESULTS, TILES_LEFT};

    /** The seventh argument, behind the registers saved and the return address. */
    private static final int SEVENTH = (SAVED.length + 1) * Long.BYTES;

    private ProductCode() {}

    /** Most tokens that a product of quantised weights takes at a time. */
    public static int mostTokens(Level level, BlockForm form) {
        return level.lanes() == 16 ? 6 : 4;
    }

    /** Most tokens that a product of float weights takes at a time. */
    public static int mostTokens(Level level, FloatForm form) {
        return level.lanes() == 16 ? 12 : 6;
    }

    /**
     * The product for quantised weights.
     *
     * @param tokens tokens of a tile
     * @param ahead whether weights come from memory, so that they are worth fetching ahead of their use
     */
    public static byte[] of(Level level, BlockForm form, int tokens, boolean ahead) {
        return emit(level, new BlockInner(level, form, tokens), ahead);
    }

    /** The product for float weights; their activations lie column by column, in each column token by token. */
    public static byte[] of(Level level, FloatForm form, int tokens, boolean ahead) {
        return emit(level, new FloatInner(level, form, tokens), ahead);
    }

    private static byte[] emit(Level level, Inner inner, boolean ahead) {
        Assembler a = new Assembler();
        for (Gpr saved : SAVED) {
            a.push(saved);
        }
        inner.prepare(a);
        Assembler.Label group = a.here();
        a.mov(TILE, RSI);
        a.mov(TILE_RESULTS, RDX);
        a.load64(TILES_LEFT, RSP, SEVENTH);
        Assembler.Label tile = a.here();
        int parts = BlockForm.ROWS / level.lanes();
        for (int part = 0; part < parts; part += inner.tile().parts()) {
            pass(a, level, inner, part, ahead);
        }
        a.mov(TILE, ACTIVATIONS);
        a.mov(TILE_RESULTS, RAX);
        a.sub(TILES_LEFT, 1);
        a.jump(Assembler.Condition.NOT_ZERO, tile);
        a.mov(RDI, WEIGHTS);
        a.add(RDI, inner.tailBytes());
        a.add(RDX, BlockForm.ROWS * Float.BYTES);
        a.sub(R8, 1);
        a.jump(Assembler.Condition.NOT_ZERO, group);
        for (int i = SAVED.length - 1; i >= 0; i--) {
            a.pop(SAVED[i]);
        }
        a.vzeroupper();
        a.ret();
        inner.data(a);
        return a.bytes();
    }

    /** One pass over the columns. Leaves the end of the tile's activations and of its results in their registers. */
    private static void pass(Assembler a, Level level, Inner inner, int firstPart, boolean ahead) {
        Inner.Tile tile = inner.tile();
        Vec[][] sums = new Vec[tile.parts()][tile.tokens()];
        for (int i = 0; i < tile.parts() * tile.tokens(); i++) {
            Vec sum = new Vec(i);
            sums[i / tile.tokens()][i % tile.tokens()] = sum;
            a.vector(VectorOp.XOR, level.bits(), sum, sum, sum);
        }
        a.mov(WEIGHTS, RDI);
        a.mov(ACTIVATIONS, TILE);
        a.mov(RAX, RCX);
        Assembler.Label step = a.here();
        for (int line = 0; ahead && line < inner.weightBytes(); line += LINE) {
            a.prefetch(WEIGHTS, AHEAD + line);
        }
        inner.step(a, firstPart, sums);
        a.add(WEIGHTS, inner.weightBytes());
        a.add(ACTIVATIONS, inner.activationBytes() * tile.tokens());
        a.sub(RAX, 1);
        a.jump(Assembler.Condition.NOT_ZERO, step);
        inner.finish(a, firstPart, sums);
        a.mov(RAX, TILE_RESULTS);
        for (int token = 0; token < tile.tokens(); token++) {
            for (int part = 0; part < tile.parts(); part++) {
                int at = (firstPart + part) * level.bits() / Byte.SIZE;
                a.store(level.bits(), Operand.at(RAX, at), sums[part][token]);
            }
            a.add(RAX, R9);
        }
    }
}
