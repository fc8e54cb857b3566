package dev.slipway.engine.model;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.model.OpenModel;
import dev.slipway.model.quantise.WeightForm;

/** A transformer in which every token sees every other: it reads texts and writes none. Used by one thread at a time. */
public sealed interface TextEncoder extends AutoCloseable permits Bert {
    /** Whether an architecture is one of these. */
    static boolean knows(String architecture) {
        return architecture.equals(Bert.ARCHITECTURE);
    }

    /**
     * Takes the weights of a model, which must stay open.
     *
     * @throws EngineException {@code engine.wrong-model} or {@code engine.wrong-tensor} when it does not hold what its
     *     architecture needs
     */
    static TextEncoder of(OpenModel file, Compute compute, WeightForm form) {
        return new Bert(file, compute, form);
    }

    /** Most tokens of a text. */
    int contextLength();

    /** Elements of a state. */
    int width();

    WeightTotals weights();

    /** Scores that {@link #labels} gives; 0 for a model that only makes states. */
    int labelCount();

    /**
     * The final states.
     *
     * @param types for each token, which of two texts it belongs to: 0 or 1
     * @return tokens × width; valid until the next call
     */
    float[] states(int[] tokens, int[] types);

    /** The scores that the model's head gives to the states of a text, as they are before any squashing. */
    float[] labels(float[] states);

    @Override
    void close();
}
