package dev.slipway.bench;

import dev.slipway.engine.kernel.Activations;
import dev.slipway.engine.kernel.HostProbe;
import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.Weights;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.List;

/**
 * What the products of one layer reach of this host's limit when a prompt is read, on one thread: everything from plain
 * activations to results. The limit is a loop that only multiplies, in the same second. Work is measured in pieces of
 * about a millisecond, each by its best of some rounds, so that it can be done beside other work.
 *
 * <p>Arguments: a provider, the number of tokens, then types.
 */
final class PromptShares {
    private static final int ROUNDS = 12;

    /** The matrices of a layer: rows, columns, and how many there are that share their input. */
    private enum Layer {
        QWEN_HALF_BILLION(new int[][] {{896, 896, 1}, {128, 896, 2}, {896, 896, 1}, {4864, 896, 2}, {896, 4864, 1}}),
        LLAMA_ONE_BILLION(
                new int[][] {{2048, 2048, 1}, {512, 2048, 2}, {2048, 2048, 1}, {8192, 2048, 2}, {2048, 8192, 1}});

        private final int[][] products;

        boolean suits(QuantisationType type) {
            return Arrays.stream(products).allMatch(size -> size[1] % type.blockSize() == 0);
        }

        Layer(int[][] products) {
            this.products = products;
        }
    }

    private static final int PIECE_ROWS = 128;
    private static final KernelProvider.Split ALONE = (items, range) -> range.run(0, items);

    private final HostProbe probe = HostProbe.open().orElseThrow();
    private final KernelProvider provider;
    private final int tokens;

    private PromptShares(String provider, int tokens) {
        this.provider = KernelProviders.choose(provider).provider();
        this.tokens = tokens;
    }

    public static void main(String[] args) {
        PromptShares shares = new PromptShares(args[0], Integer.parseInt(args[1]));
        System.out.println("| layer | type | G ops/s possible | by product | all products G ops/s | share |");
        System.out.println("|---|---|---|---|---|---|");
        List<QuantisationType> types =
                Arrays.stream(args).skip(2).map(QuantisationType::valueOf).toList();
        for (Layer layer : Layer.values()) {
            types.stream().filter(layer::suits).forEach(type -> shares.row(layer, type));
        }
    }

    private void row(Layer layer, QuantisationType type) {
        double possible = 0;
        double work = 0;
        double seconds = 0;
        StringBuilder each = new StringBuilder();
        for (int[] size : layer.products) {
            double operations = 2.0 * size[0] * size[1] * size[2] * tokens;
            double time = seconds(type, size[0], size[1], size[2]);
            for (int i = 0; i < ROUNDS; i++) {
                possible = Math.max(possible, type.blockSize() > 1 ? probe.byteOperations() : probe.floatOperations());
            }
            each.append(String.format("%d×%d: %.0f, ", size[0] * size[2], size[1], operations / time / 1e9));
            work += operations;
            seconds += time;
        }
        System.out.printf(
                "| %s | %s | %.0f | %s | %.0f | %.0f %% |%n",
                layer,
                type,
                possible / 1e9,
                each.substring(0, each.length() - 2),
                work / seconds / 1e9,
                100 * work / seconds / possible);
    }

    /** Some equal products that share their activations. */
    private double seconds(QuantisationType type, int rows, int columns, int products) {
        try (Arena arena = Arena.ofConfined()) {
            Weights weights = provider.load(RandomMatrix.of(arena, type, rows, columns), arena, ALONE);
            float[] y = new float[tokens * rows];
            float[] x = new float[tokens * columns];
            for (int i = 0; i < x.length; i++) {
                x[i] = 1f / (i % 97 + 1);
            }
            Activations activations = provider.activations();
            double[] best = new double[1 + Math.ceilDiv(rows, PIECE_ROWS)];
            Arrays.fill(best, Double.MAX_VALUE);
            for (int round = 0; round < ROUNDS; round++) {
                keepBest(best, 0, () -> activations.fill(weights, x, tokens, ALONE));
                for (int piece = 1; piece < best.length; piece++) {
                    int from = (piece - 1) * PIECE_ROWS;
                    int to = Math.min(rows, from + PIECE_ROWS);
                    keepBest(best, piece, () -> provider.multiply(weights, from, to, activations, y));
                }
            }
            return best[0] + products * Arrays.stream(best).skip(1).sum();
        }
    }

    private static void keepBest(double[] best, int which, Runnable work) {
        long start = System.nanoTime();
        work.run();
        best[which] = Math.min(best[which], (System.nanoTime() - start) / 1e9);
    }
}
