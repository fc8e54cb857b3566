package dev.slipway.bench;

import dev.slipway.engine.kernel.Activations;
import dev.slipway.engine.kernel.HostProbe;
import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.engine.kernel.Weights;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * What each type's products reach of this host's limits, on one thread: a matrix from memory times one vector, as a share
 * of reading; a matrix times many vectors, as a share of multiplying. Runs are short and
 * alternate with the probe's, so that it can be used beside other work.
 *
 * <p>Arguments: a provider, then types; without any, {@code emitted} and all.
 */
final class KernelShares {
    private static final int COLUMNS = 2048;
    private static final int DECODE_ROWS = 49152;
    private static final int PREFILL_ROWS = 1024;
    private static final int TOKENS = 96;
    private static final long PIECE_BYTES = 4 << 20;
    private static final int ROUNDS = 40;
    private static final long SETTLED_NANOS = 9_000_000_000L;

    private final HostProbe probe = HostProbe.open().orElseThrow();
    private final KernelProvider provider;

    private KernelShares(String provider) {
        this.provider = KernelProviders.choose(provider).provider();
    }

    public static void main(String[] args) {
        KernelShares shares = new KernelShares(args.length > 0 ? args[0] : "emitted");
        List<QuantisationType> types = args.length > 1
                ? Arrays.stream(args).skip(1).map(QuantisationType::valueOf).toList()
                : StoredFloats.SUPPORTED.stream().toList();
        System.out.println(
                shares.provider + ", probe at " + shares.probe.level().label());
        System.out.println(
                "| type | reading GB/s | matvec GB/s | share | G ops/s possible | matrix product G ops/s | share |");
        System.out.println("|---|---|---|---|---|---|---|");
        types.forEach(shares::row);
    }

    private static double best(int rounds, DoubleSupplier measure) {
        double best = 0;
        for (int i = 0; i < rounds; i++) {
            best = Math.max(best, measure.getAsDouble());
        }
        return best;
    }

    private void row(QuantisationType type) {
        try (Arena arena = Arena.ofShared()) {
            Matrix large = RandomMatrix.of(arena, type, DECODE_ROWS, COLUMNS);
            Speeds speeds = speeds(new Product(provider, large, arena, 1));
            boolean bytes = type.blockSize() > 1;
            DoubleSupplier peak = bytes ? probe::byteOperations : probe::floatOperations;
            Product product = new Product(provider, RandomMatrix.of(arena, type, PREFILL_ROWS, COLUMNS), arena, TOKENS);
            product.warmUp();
            double possible = best(ROUNDS, peak);
            double work = 2.0 * PREFILL_ROWS * COLUMNS * TOKENS;
            double prefill = best(ROUNDS, () -> work / product.seconds(0, PREFILL_ROWS));
            possible = Math.max(possible, best(ROUNDS, peak));
            System.out.printf(
                    "| %s | %.1f | %.1f | %.0f %% | %.0f | %.0f | %.0f %% |%n",
                    type,
                    speeds.reading / 1e9,
                    speeds.product / 1e9,
                    100 * speeds.product / speeds.reading,
                    possible / 1e9,
                    prefill / 1e9,
                    100 * prefill / possible);
        }
    }

    /** Bytes of stored weights per second, by reading them and by multiplying with them. */
    private record Speeds(double reading, double product) {}

    /**
     * Reads and multiplies pieces of a large matrix in turn, so that both meet the same conditions. Counts what one piece
     * in five exceeds: pieces that were interrupted drop out, and lucky ones count for nothing.
     */
    private Speeds speeds(Product product) {
        product.warmUp();
        MemorySegment data = product.matrix.data();
        int rows = (int) (PIECE_BYTES / product.matrix.rowBytes()) / 32 * 32;
        int pieces = DECODE_ROWS / rows;
        List<List<Double>> reading = new ArrayList<>();
        for (int streams = 0; streams < 8; streams++) {
            reading.add(new ArrayList<>());
        }
        List<Double> multiplying = new ArrayList<>();
        long bytes = rows * product.matrix.rowBytes();
        for (int i = 0; i < ROUNDS * 8; i++) {
            int piece = i % pieces;
            int other = (piece + pieces / 2) % pieces;
            reading.get(i % 8).add(probe.read(data.asSlice(other * bytes, bytes), i % 8 + 1));
            multiplying.add(bytes / product.seconds(piece * rows, (piece + 1) * rows));
        }
        return new Speeds(
                reading.stream().mapToDouble(KernelShares::oneInFive).max().orElseThrow(), oneInFive(multiplying));
    }

    private static double oneInFive(List<Double> speeds) {
        return speeds.stream().sorted(Comparator.reverseOrder()).toList().get(speeds.size() / 5);
    }

    /** A matrix as a provider multiplies it, and vectors to multiply it with. */
    private static final class Product {
        private final KernelProvider provider;
        private final Matrix matrix;
        private final Weights weights;
        private final Activations activations;
        private final float[] y;

        Product(KernelProvider provider, Matrix matrix, Arena arena, int tokens) {
            this.provider = provider;
            this.matrix = matrix;
            this.weights = provider.load(matrix, arena, (items, range) -> range.run(0, items));
            this.activations = provider.activations();
            this.y = new float[tokens * matrix.rows()];
            float[] x = new float[tokens * COLUMNS];
            for (int i = 0; i < x.length; i++) {
                x[i] = 1f / (i % 97 + 1);
            }
            provider.prepare(List.of(matrix));
            activations.fill(weights, x, tokens, (items, range) -> range.run(0, items));
        }

        /** Vector code becomes fast when it has been compiled: repeats until nothing has changed for a while. */
        void warmUp() {
            if (!provider.name().equals("vector")) {
                return;
            }
            double best = Double.MAX_VALUE;
            long last = System.nanoTime();
            while (System.nanoTime() - last < SETTLED_NANOS) {
                double seconds = seconds(0, 64);
                if (seconds < 0.9 * best) {
                    best = seconds;
                    last = System.nanoTime();
                }
            }
        }

        double seconds(int fromRow, int toRow) {
            long start = System.nanoTime();
            provider.multiply(weights, fromRow, toRow, activations, y);
            return (System.nanoTime() - start) / 1e9;
        }
    }
}
