package dev.slipway.engine.kernel;

/**
 * The vectors of a batch in the form that a provider multiplies. One object is filled again for each product, so that its
 * memory is allocated once; the results may be used by many threads until it is filled again.
 */
public interface Activations {
    /**
     * Takes the vectors in.
     *
     * @param weights what they will be multiplied with
     * @param x the vectors one after another, {@code tokens × columns}; may be used until the next filling
     * @param split shares the work out over threads
     */
    void fill(Weights weights, float[] x, int tokens, KernelProvider.Split split);

    /** Whether the form that was filled serves these weights too. */
    boolean suit(Weights weights);
}
