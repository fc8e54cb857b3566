package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.Weights;

/** A matrix product with a vector added to the result. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Biased(Weights weights, float[] bias) {
    /** Takes {@code name.weight} and {@code name.bias}. */
    static Biased read(Tensors tensors, String name, int rows, int columns) {
        return new Biased(tensors.weights(name + ".weight", rows, columns), tensors.vector(name + ".bias", rows));
    }

    void apply(Compute compute, float[] x, int rows, float[] out) {
        compute.multiply(weights, x, rows, out);
        for (int row = 0; row < rows; row++) {
            compute.provider().add(out, row * bias.length, bias, 0, bias.length);
        }
    }
}
