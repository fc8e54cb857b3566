package dev.slipway.engine.kernel;

import java.lang.foreign.Arena;

/** Products with any provider, from loading to result. */
final class Products {
    private Products() {}

    static void multiply(
            KernelProvider provider, Matrix matrix, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        try (Arena arena = Arena.ofConfined()) {
            Weights weights = provider.load(matrix, arena, (items, range) -> range.run(0, items));
            Activations activations = provider.activations();
            activations.fill(weights, x, tokens, (items, range) -> range.run(0, items));
            provider.multiply(weights, fromRow, toRow, activations, y);
        }
    }
}
