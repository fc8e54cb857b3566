package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.VectorKernels.Readiness;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Calls the vector kernels on small pieces of a model until they have been compiled, which their speed shows.
 *
 * <p>Works on the model's own weights: code compiled for another kind of memory would be thrown away again.
 */
final class VectorWarmup {
    private static final System.Logger LOG = System.getLogger(VectorWarmup.class.getName());

    private static final int ROWS = 64;
    private static final int MANY_TOKENS = 7;
    private static final int HEAD_SIZE = 64;

    /** Compiled kernels are at ten times this or more, others at a hundredth. */
    private static final double FAST_PER_NANO = 0.25;

    /** Fast so many times in a row is no accident. */
    private static final int TIMES_FAST = 5;

    private static final KernelProvider.Split ALONE = (items, range) -> range.run(0, items);

    private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final VectorKernels kernels = new VectorKernels(Readiness.ALL);

    private VectorWarmup() {}

    /** Starts to work; tells {@code onReady} each time that something has been compiled. */
    static void start(List<Matrix> samples, Consumer<Readiness> onReady) {
        List<Matrix> pieces = new ArrayList<>(samples);
        Thread.ofPlatform()
                .name("slipway-warmup")
                .daemon()
                .priority(Compute.PRIORITY)
                .start(() -> new VectorWarmup().run(pieces, onReady));
    }

    private void run(List<Matrix> samples, Consumer<Readiness> onReady) {
        long start = System.nanoTime();
        try {
            boolean restDone = false;
            for (Matrix sample : samples) {
                if (untilFast(sample)) {
                    onReady.accept(new Readiness(Set.of(sample.type()), false));
                }
                if (!restDone && restUntilFast()) {
                    onReady.accept(new Readiness(Set.of(), true));
                    restDone = true;
                }
            }
            LOG.log(Level.DEBUG, "vector kernels ready after {0} ms", (System.nanoTime() - start) / 1_000_000);
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the model was closed while vector kernels were being compiled", e);
        }
    }

    /** Both forms of the product with weights of one type. */
    private boolean untilFast(Matrix sample) {
        int rows = Math.min(ROWS, sample.rows());
        Weights weights = kernels.load(head(sample, rows), Arena.ofAuto(), ALONE);
        return untilFast(weights, 1) && untilFast(weights, MANY_TOKENS);
    }

    private boolean untilFast(Weights weights, int tokens) {
        float[] x = new float[weights.columns() * tokens];
        float[] y = new float[weights.rows() * tokens];
        Activations activations = kernels.activations();
        long work = (long) weights.rows() * weights.columns() * tokens;
        return untilFast(work, () -> {
            activations.fill(weights, x, tokens, ALONE);
            kernels.multiply(weights, 0, weights.rows(), activations, y);
        });
    }

    private static Matrix head(Matrix matrix, int rows) {
        return new Matrix(
                matrix.name(),
                matrix.type(),
                rows,
                matrix.columns(),
                matrix.data().asSlice(0, rows * matrix.rowBytes()));
    }

    private boolean restUntilFast() {
        int length = 1024;
        float[] a = new float[length];
        float[] b = new float[length];
        return attentionUntilFast()
                && untilFast(length, () -> kernels.rmsNorm(a, 0, b, 1, a, 0))
                && untilFast(length, () -> kernels.softmax(a, 0, length))
                && untilFast(length, () -> kernels.siluTimes(a, b, 0, length));
    }

    private boolean attentionUntilFast() {
        PageForm form = new PageForm(1, 1, HEAD_SIZE, CacheType.F16, CacheType.F16);
        float[] vectors = new float[MANY_TOKENS * HEAD_SIZE];
        var rows = new AttentionTile.Rows(vectors, vectors.clone(), 0, vectors.length, 1, MANY_TOKENS);
        try (PageMemory memory = new PageMemory(form)) {
            List<Page> pages = List.of(memory.take(1));
            var tile = new AttentionTile(pages, 0, 0, 0, KernelProvider.PAGE - 1, rows, 1, AttentionTile.NO_WINDOW);
            return untilFast(2L * vectors.length * KernelProvider.PAGE, () -> kernels.attend(tile));
        }
    }

    /** Repeats until it is fast; answers whether it ever was. */
    private static boolean untilFast(long work, Runnable operation) {
        long giveUp = System.nanoTime() + GIVE_UP_NANOS;
        int fast = 0;
        while (fast < TIMES_FAST && System.nanoTime() < giveUp) {
            long start = System.nanoTime();
            operation.run();
            fast = work >= FAST_PER_NANO * (System.nanoTime() - start) ? fast + 1 : 0;
        }
        return fast == TIMES_FAST;
    }
}
