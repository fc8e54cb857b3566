package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;

/**
 * Brings vectors to mean 0 and variance 1, then scales and moves each element.
 *
 * @see <a href="https://arxiv.org/abs/1607.06450">Ba et al., Layer normalization</a>
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record LayerNorm(float[] weight, float[] bias, float epsilon) {
    static LayerNorm read(Tensors tensors, String name, int width, float epsilon) {
        return new LayerNorm(tensors.vector(name + ".weight", width), tensors.vector(name + ".bias", width), epsilon);
    }

    /** Normalises each of some vectors in place. */
    void apply(Compute compute, float[] x, int rows) {
        compute.forEach(rows, 4L * rows * weight.length, (from, to) -> {
            for (int row = from; row < to; row++) {
                apply(x, row * weight.length);
            }
        });
    }

    private void apply(float[] x, int at) {
        double sum = 0;
        for (int i = 0; i < weight.length; i++) {
            sum += x[at + i];
        }
        double mean = sum / weight.length;
        double squares = 0;
        for (int i = 0; i < weight.length; i++) {
            double difference = x[at + i] - mean;
            squares += difference * difference;
        }
        double scale = 1 / Math.sqrt(squares / weight.length + epsilon);
        for (int i = 0; i < weight.length; i++) {
            x[at + i] = (float) ((x[at + i] - mean) * scale * weight[i] + bias[i]);
        }
    }
}
