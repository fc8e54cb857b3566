package dev.slipway.engine.model;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.model.OpenModel;
import dev.slipway.model.quantise.WeightForm;
import java.util.Set;

/** A decoder-only transformer over weights in a model file. Used by one thread at a time. */
public sealed interface TextModel permits Llama, Qwen2, Qwen3 {
    /**
     * Takes the weights of a model, which must stay open.
     *
     * @throws EngineException {@code engine.unsupported-model} for an architecture that has no page here,
     *     {@code engine.wrong-model} or {@code engine.wrong-tensor} when the file does not hold what its architecture needs
     */
    static TextModel of(OpenModel file, Compute compute) {
        return of(file, compute, WeightForm.STORED);
    }

    /** The same, with matrices in the types that {@code form} says. */
    static TextModel of(OpenModel file, Compute compute, WeightForm form) {
        return switch (file.architecture()) {
            case "llama", "mistral" -> new Llama(file, compute, form);
            case "qwen2" -> new Qwen2(file, compute, form);
            case "qwen3" -> new Qwen3(file, compute, form);
            default -> throw unknown(file);
        };
    }

    /** Refuses an architecture that has no page here, before anything else is said of the model. */
    static void requireKnown(OpenModel file) {
        if (!Set.of("llama", "mistral", "qwen2", "qwen3").contains(file.architecture())) {
            throw unknown(file);
        }
    }

    private static EngineException unknown(OpenModel file) {
        String architecture = file.architecture();
        return new EngineException(
                "engine.unsupported-model",
                ErrorKind.INVALID,
                architecture.isEmpty()
                        ? "The model " + file.path() + " does not name its architecture."
                        : "The model " + file.path() + " has the architecture '" + architecture
                                + "', which cannot be run.",
                "Use a model of one of the architectures llama, mistral, qwen2 and qwen3.",
                null);
    }

    ModelShape shape();

    WeightTotals weights();

    /**
     * Runs a batch through all blocks and the last norm. The token ids must be below the vocabulary's size.
     *
     * @return the final states, rows × width; valid until the next call
     */
    float[] states(Batch batch);

    /**
     * The logits of final states.
     *
     * @param states rows × width
     * @param logits rows × vocabulary size
     */
    void logits(float[] states, int rows, float[] logits);
}
