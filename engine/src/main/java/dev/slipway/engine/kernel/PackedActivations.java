package dev.slipway.engine.kernel;

import java.lang.foreign.MemorySegment;
import java.util.function.Function;

/**
 * Vectors in tiles of a few tokens. Within a tile the steps along the columns follow each other, and within a step the
 * tokens, so that emitted code reads straight on.
 */
final class PackedActivations implements Activations {
    private final Function<Weights, EmittedProduct> products;
    private byte[] blocks = {};
    private float[] floats = {};
    private MemorySegment data = MemorySegment.NULL;
    private int tokens;

    PackedActivations(Function<Weights, EmittedProduct> products) {
        this.products = products;
    }

    int tokens() {
        return tokens;
    }

    /** A tile's bytes. */
    MemorySegment tile(long tokenBytes, int firstToken, int count) {
        return data.asSlice(firstToken * tokenBytes, count * tokenBytes);
    }

    @Override
    public void fill(Weights weights, float[] x, int tokens) {
        this.tokens = tokens;
        EmittedProduct product = products.apply(weights);
        int columns = weights.columns();
        if (product.quantises()) {
            quantise(product, x, columns);
        } else if (tokens == 1) {
            data = MemorySegment.ofArray(x);
        } else {
            interleave(product.mostTokens(), x, columns);
        }
    }

    private void quantise(EmittedProduct product, float[] x, int columns) {
        int steps = columns / product.unit();
        int size = Math.multiplyExact(tokens * steps, product.activationBytes());
        if (blocks.length < size) {
            blocks = new byte[size];
        }
        data = MemorySegment.ofArray(blocks);
        MemorySegment floats = MemorySegment.ofArray(x);
        long rowBytes = (long) columns * Float.BYTES;
        for (int token = 0; token < tokens; token++) {
            int inTile = token % product.mostTokens();
            int width = Math.min(product.mostTokens(), tokens - (token - inTile));
            int stride = width * product.activationBytes();
            long tile = (long) (token - inTile) * steps * product.activationBytes();
            NativeCode.quantise(
                    product.quantise(),
                    floats.asSlice(token * rowBytes, rowBytes),
                    data.asSlice(
                            tile + (long) inTile * product.activationBytes(),
                            (steps - 1L) * stride + product.activationBytes()),
                    steps,
                    stride);
        }
    }

    private void interleave(int mostTokens, float[] x, int columns) {
        int size = Math.multiplyExact(tokens, columns);
        if (floats.length < size) {
            floats = new float[size];
        }
        data = MemorySegment.ofArray(floats);
        for (int first = 0; first < tokens; first += mostTokens) {
            int width = Math.min(mostTokens, tokens - first);
            for (int token = 0; token < width; token++) {
                int from = (first + token) * columns;
                int to = first * columns + token;
                for (int c = 0; c < columns; c++) {
                    floats[to + c * width] = x[from + c];
                }
            }
        }
    }
}
