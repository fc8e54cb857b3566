package dev.slipway.engine.kernel;

import java.lang.foreign.Arena;
import java.util.List;

/**
 * A kernel provider together with the threads it may use: what a model calculates with.
 *
 * <p>Calls come from one thread at a time. Splitting never changes a result.
 */
public final class Compute implements AutoCloseable {
    /**
     * The priority of threads that calculate: whoever answers calls beside them goes first. Takes effect in a JVM that
     * was started with {@code -XX:ThreadPriorityPolicy=1}.
     */
    public static final int PRIORITY = Thread.MIN_PRIORITY;

    /** Multiplications that are worth waking one more thread for: some 20 to 50 µs of work. */
    private static final long SPLIT_AT = 1_000_000;

    /** Products are split between such numbers of rows, which packed weights keep together. */
    private static final int ROWS_TOGETHER = PackedMatrix.GROUP;

    /** Most threads that are ever used. */
    private static final int MAX_THREADS = 256;

    private final KernelProvider provider;
    private final WorkerPool pool;
    private final Activations activations;
    private final Arena arena = Arena.ofShared();

    /**
     * Starts the threads.
     *
     * @param threads how many to calculate with, the caller among them; 0 for one per core; never more than cores
     */
    public Compute(KernelProvider provider, int threads) {
        this.provider = provider;
        this.activations = provider.activations();
        int cores = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
        this.pool = new WorkerPool(threads <= 0 ? cores : Math.min(threads, cores));
    }

    /** Lets the provider get ready for a model's weights; see {@link KernelProvider#prepare}. */
    public void prepare(List<Matrix> samples) {
        provider.prepare(samples);
    }

    public KernelProvider provider() {
        return provider;
    }

    public int threads() {
        return pool.threads();
    }

    /** Brings a matrix into the provider's form, on all threads; lives as long as this. */
    public Weights load(Matrix matrix) {
        return provider.load(matrix, arena, (items, range) -> forEach(items, 1, Long.MAX_VALUE, range));
    }

    /**
     * {@code y = weights · x} for each of {@code tokens} vectors.
     *
     * @param x {@code tokens × columns}
     * @param y {@code tokens × rows}
     */
    public void multiply(Weights weights, float[] x, int tokens, float[] y) {
        activations.fill(weights, x, tokens);
        long work = (long) weights.rows() * weights.columns() * tokens;
        forEach(
                weights.rows(),
                ROWS_TOGETHER,
                work,
                (from, to) -> provider.multiply(weights, from, to, activations, y));
    }

    /** Normalises each of {@code rows} vectors as {@link KernelProvider#rmsNorm} says. */
    public void norm(float[] x, int rows, float[] weight, float epsilon, float[] out) {
        for (int at = 0; at < rows * weight.length; at += weight.length) {
            provider.rmsNorm(x, at, weight, epsilon, out, at);
        }
    }

    /** {@code y[i] += x[i]} for {@code i < length}. */
    public void add(float[] y, float[] x, int length) {
        provider.add(y, 0, x, 0, length);
    }

    /**
     * Runs {@code range} over all items, split between threads when that pays.
     *
     * @param work about how many multiplications all of it takes
     */
    public void forEach(int items, long work, Range range) {
        forEach(items, 1, work, range);
    }

    private void forEach(int items, int granularity, long work, Range range) {
        if (pool.threads() == 1 || work < SPLIT_AT || items <= granularity) {
            range.run(0, items);
        } else {
            pool.run(items, granularity, range::run);
        }
    }

    /** Work on the items from {@code from} up to, not including, {@code to}; runs on any of the threads. */
    @FunctionalInterface
    public interface Range {
        void run(int from, int to);
    }

    @Override
    public void close() {
        pool.close();
        arena.close();
    }
}
