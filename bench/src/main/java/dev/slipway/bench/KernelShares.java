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
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * What each type's products reach of this host's limits, on one thread: a matrix from memory times one vector, as a share
 * of reading; a matrix times many vectors, as a share of multiplying. Limits are measured right before and after each row;
 * all figures are the best of many short runs, so that it can be used beside other work.
 *
 * <p>Arguments: a provider, then types; without any, {@code emitted} and all.
 */
final class KernelShares {
    private static final int COLUMNS = 2048;
    private static final int DECODE_ROWS = 49152;
    private static final int PREFILL_ROWS = 1024;
    private static final int TOKENS = 96;
    private static final int READ_ROUNDS = 12;
    private static final int ROUNDS = 40;

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
        System.out.println(shares.provider + ", probe at " + shares.probe.level().label());
        System.out.println("| type | reading GB/s | matvec GB/s | share | G ops/s possible | matrix product G ops/s | share |");
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
        try (Arena arena = Arena.ofConfined()) {
            Matrix large = RandomMatrix.of(arena, type, DECODE_ROWS, COLUMNS);
            double before = reading(large.data());
            double decode = best(READ_ROUNDS, () -> large.data().byteSize() / seconds(large, 1));
            double reading = Math.max(before, reading(large.data()));
            boolean bytes = type.blockSize() > 1;
            DoubleSupplier peak = bytes ? probe::byteOperations : probe::floatOperations;
            Matrix small = RandomMatrix.of(arena, type, PREFILL_ROWS, COLUMNS);
            double possible = best(ROUNDS, peak);
            double prefill =
                    best(ROUNDS, () -> 2.0 * PREFILL_ROWS * COLUMNS * TOKENS / seconds(small, TOKENS));
            possible = Math.max(possible, best(ROUNDS, peak));
            System.out.printf(
                    "| %s | %.1f | %.1f | %.0f %% | %.0f | %.0f | %.0f %% |%n",
                    type,
                    reading / 1e9,
                    decode / 1e9,
                    100 * decode / reading,
                    possible / 1e9,
                    prefill / 1e9,
                    100 * prefill / possible);
        }
    }

    private double reading(MemorySegment data) {
        double best = 0;
        for (int streams = 1; streams <= 8; streams++) {
            int count = streams;
            best = Math.max(best, best(READ_ROUNDS / 4, () -> probe.read(data, count)));
        }
        return best;
    }

    private Weights loaded = RandomMatrix.of(Arena.ofAuto(), QuantisationType.F32, 1, 1);
    private Matrix of = RandomMatrix.of(Arena.ofAuto(), QuantisationType.F32, 1, 1);
    private Arena packed = Arena.ofAuto();
    private float[] x = {};
    private float[] y = {};

    private double seconds(Matrix matrix, int tokens) {
        if (of != matrix) {
            of = matrix;
            packed = Arena.ofAuto();
            loaded = provider.load(matrix, packed, (items, range) -> range.run(0, items));
            x = new float[tokens * COLUMNS];
            y = new float[tokens * matrix.rows()];
            for (int i = 0; i < x.length; i++) {
                x[i] = 1f / (i % 97 + 1);
            }
        }
        Activations activations = provider.activations();
        activations.fill(loaded, x, tokens);
        long start = System.nanoTime();
        provider.multiply(loaded, 0, matrix.rows(), activations, y);
        return (System.nanoTime() - start) / 1e9;
    }
}
