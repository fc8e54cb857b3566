package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;
import java.util.Arrays;
import java.util.Optional;

/** Scores from the first token's state: {@code output · tanh(inner · x)}, each with a bias; some models have no inner part. */
record LabelHead(Optional<Biased> inner, Biased output) {
    private static final String INNER = "cls";
    private static final String OUTPUT = "cls.output";

    /** Takes the head; a pooler without one, which only training needed, is taken and dropped. */
    static Optional<LabelHead> read(Tensors tensors, int width) {
        Optional<Biased> inner = tensors.has(INNER + ".weight")
                ? Optional.of(Biased.read(tensors, INNER, width, width))
                : Optional.empty();
        if (!tensors.has(OUTPUT + ".weight")) {
            return Optional.empty();
        }
        return Optional.of(new LabelHead(inner, Biased.read(tensors, OUTPUT, tensors.rows(OUTPUT + ".weight"), width)));
    }

    int count() {
        return output.bias().length;
    }

    float[] labels(Compute compute, float[] states) {
        int width = output.weights().columns();
        float[] first = inner.map(dense -> squashed(compute, dense, states)).orElse(Arrays.copyOf(states, width));
        float[] labels = new float[count()];
        compute.multiply(output.weights(), first, 1, labels);
        output.addBias(compute, 1, labels);
        return labels;
    }

    private static float[] squashed(Compute compute, Biased dense, float[] states) {
        float[] values = new float[dense.bias().length];
        compute.multiply(dense.weights(), states, 1, values);
        dense.addBias(compute, 1, values);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.tanh(values[i]);
        }
        return values;
    }
}
