package dev.slipway.engine.kernel;

import java.lang.foreign.Arena;
import java.util.List;

/**
 * The arithmetic of a text model. {@link ScalarKernels} defines what each operation means; every other provider gives the
 * same within rounding.
 *
 * <p>Two promises hold for every provider and make answers repeatable: a result depends on its own inputs only, so a
 * token computed in a batch has the same bits as computed alone; and sums are taken in a fixed order, so interpreted and
 * compiled code agree to the bit.
 *
 * <p>All methods run on the calling thread; {@link Compute} splits large work.
 */
public sealed interface KernelProvider permits ScalarKernels, VectorKernels, EmittedKernels {
    /** Positions in one page of the KV cache. */
    int PAGE = 64;

    /** {@code scalar}, {@code vector} or {@code emitted}. */
    String name();

    /**
     * Gets ready for a model's weights: returns at once, and works on in the background. Every operation can be used
     * before that ends, and gives the same results.
     *
     * @param samples one matrix of each type that the model holds
     */
    void prepare(List<Matrix> samples);

    /**
     * Brings a matrix into the form that {@link #multiply} wants, which may be the stored one.
     *
     * @param arena where memory for another form comes from; must stay open as long as the weights are used
     * @param split shares the work out over threads
     */
    default Weights load(Matrix matrix, Arena arena, Split split) {
        return matrix;
    }

    /** An empty holder for the vectors of a batch. */
    default Activations activations() {
        return new PlainActivations();
    }

    /**
     * Multiplies rows {@code fromRow} to {@code toRow} of a matrix with each vector.
     *
     * @param weights what {@link #load} of this provider gave
     * @param x a holder of this provider, filled for weights of this type and size
     * @param y the results, {@code tokens × rows}; only the given rows are written
     */
    void multiply(Weights weights, int fromRow, int toRow, Activations x, float[] y);

    /** {@code y[i] += x[i]}. */
    void add(float[] y, int yOffset, float[] x, int xOffset, int length);

    /** Scales a vector to a root mean square of 1, then by {@code weight}; {@code out} may be {@code x}. */
    void rmsNorm(float[] x, int xOffset, float[] weight, float epsilon, float[] out, int outOffset);

    /** {@code gate[i] = silu(gate[i]) · up[i]} with {@code silu(v) = v / (1 + e^-v)}, for {@code from <= i < to}. */
    void siluTimes(float[] gate, float[] up, int from, int to);

    /** Turns scores into shares that add up to 1. */
    void softmax(float[] scores, int from, int to);

    /**
     * Stores keys and values of one kv head, at successive positions of a page, in the page's types.
     *
     * @param position the first of them, from 0
     */
    void store(Page page, int layer, int head, int position, KvRows rows);

    /**
     * Causal attention: each query's scores against the keys it looks at, times the tile's scale, become shares that add up to
     * 1, and the result is the values, each times its share. What a query gives depends on nothing but itself and what it
     * looks at: not on what else the tile holds.
     */
    void attend(AttentionTile tile);

    /** Runs work over all items, on one thread or several; done when the call returns. */
    @FunctionalInterface
    interface Split {
        void forEach(int items, Compute.Range range);
    }
}
