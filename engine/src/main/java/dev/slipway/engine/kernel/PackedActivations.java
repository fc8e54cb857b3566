package dev.slipway.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Vectors in tiles of a few tokens, all of one width but the last. Within a tile the steps along the columns follow each
 * other, and within a step the tokens, so that emitted code reads straight on.
 */
final class PackedActivations implements Activations {
    private final Function<Weights, EmittedProduct> products;
    private byte[] blocks = {};
    private float[] floats = {};
    private MemorySegment data = MemorySegment.NULL;
    private @Nullable EmittedProduct product;
    private int columns;
    private int tokens;
    private int width;

    PackedActivations(Function<Weights, EmittedProduct> products) {
        this.products = products;
    }

    int tokens() {
        return tokens;
    }

    /** Tokens of each tile but the last. */
    int width() {
        return width;
    }

    /** The bytes of some tokens that make up whole tiles. */
    MemorySegment tiles(long tokenBytes, int firstToken, int count) {
        return data.asSlice(firstToken * tokenBytes, count * tokenBytes);
    }

    @Override
    public boolean suit(Weights weights) {
        return product != null && weights.columns() == columns && product.takesWhat(products.apply(weights));
    }

    @Override
    public void fill(Weights weights, float[] x, int tokens, KernelProvider.Split split) {
        EmittedProduct product = products.apply(weights);
        this.product = product;
        this.columns = weights.columns();
        this.tokens = tokens;
        this.width = Math.ceilDiv(tokens, Math.ceilDiv(tokens, product.mostTokens()));
        int tiles = Math.ceilDiv(tokens, width);
        if (product.quantises()) {
            int size = Math.multiplyExact(tokens * (columns / product.unit()), product.activationBytes());
            if (blocks.length < size) {
                blocks = new byte[size];
            }
            data = MemorySegment.ofArray(blocks);
            split.forEach(tiles, (from, to) -> quantise(product, x, from, to));
        } else if (tokens == 1) {
            data = MemorySegment.ofArray(x);
        } else {
            int size = Math.multiplyExact(tokens, columns);
            if (floats.length < size) {
                floats = new float[size];
            }
            data = MemorySegment.ofArray(floats);
            split.forEach(tiles, (from, to) -> interleave(x, from, to));
        }
    }

    private void quantise(EmittedProduct product, float[] x, int fromTile, int toTile) {
        MemorySegment floats = MemorySegment.ofArray(x);
        long rowBytes = (long) columns * Float.BYTES;
        int steps = columns / product.unit();
        int bytes = product.activationBytes();
        for (int first = fromTile * width; first < Math.min(tokens, toTile * width); first += width) {
            int count = Math.min(width, tokens - first);
            for (int token = 0; token < count; token++) {
                long to = (long) first * steps * bytes + (long) token * bytes;
                NativeCode.quantise(
                        product.quantise(),
                        floats.asSlice((first + token) * rowBytes, rowBytes),
                        data.asSlice(to, (steps - 1L) * count * bytes + bytes),
                        steps,
                        count * bytes);
            }
        }
    }

    private void interleave(float[] x, int fromTile, int toTile) {
        for (int first = fromTile * width; first < Math.min(tokens, toTile * width); first += width) {
            int count = Math.min(width, tokens - first);
            int to = first * columns;
            for (int c = 0; c < columns; c++) {
                for (int at = first * columns + c; at < (first + count) * columns; at += columns) {
                    floats[to++] = x[at];
                }
            }
        }
    }
}
