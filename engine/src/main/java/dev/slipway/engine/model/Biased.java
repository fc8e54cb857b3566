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

    /** The product without the bias, to be made together with others. */
    Compute.Product product(float[] out) {
        return new Compute.Product(weights, out);
    }

    void addBias(Compute compute, int rows, float[] out) {
        for (int row = 0; row < rows; row++) {
            compute.provider().add(out, row * bias.length, bias, 0, bias.length);
        }
    }
}
