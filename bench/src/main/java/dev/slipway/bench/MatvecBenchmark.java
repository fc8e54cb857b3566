package dev.slipway.bench;

import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.Weights;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A matrix far larger than the caches times one vector, as in generating a token, on one thread; beside it a probe that
 * only reads the same memory. What a kernel reaches is worth something only as a share of the probe of the same run.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
public class MatvecBenchmark {
    private static final int ROWS = 65536;
    private static final int COLUMNS = 2048;

    @Param({
        "F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL",
        "IQ4_XS", "MXFP4"
    })
    public QuantisationType type = QuantisationType.Q8_0;

    private final float[] x = new float[COLUMNS];
    private final float[] y = new float[ROWS];
    private final Arena arena = Arena.ofShared();
    private final Compute scalar = new Compute(KernelProviders.choose("scalar").provider(), 1);
    private final Compute emitted =
            new Compute(KernelProviders.choose("emitted").provider(), 1);
    private final Compute vector = new Compute(KernelProviders.choose("vector").provider(), 1);
    private Matrix matrix = RandomMatrix.of(arena, QuantisationType.Q8_0, 1, COLUMNS);
    private Weights packed = matrix;

    @Setup(Level.Trial)
    public void fill() {
        matrix = RandomMatrix.of(arena, type, ROWS, COLUMNS);
        for (int i = 0; i < COLUMNS; i++) {
            x[i] = 1f / (i + 1);
        }
        vector.prepare(List.of(matrix));
        packed = emitted.load(matrix);
    }

    @TearDown(Level.Trial)
    public void release() {
        scalar.close();
        vector.close();
        emitted.close();
        arena.close();
    }

    @Benchmark
    public float[] scalar(ByteCounter read) {
        scalar.multiply(matrix, x, 1, y);
        read.add(matrix.data().byteSize());
        return y;
    }

    @Benchmark
    public float[] vector(ByteCounter read) {
        vector.multiply(matrix, x, 1, y);
        read.add(matrix.data().byteSize());
        return y;
    }

    @Benchmark
    public float[] emitted(ByteCounter read) {
        emitted.multiply(packed, x, 1, y);
        read.add(matrix.data().byteSize());
        return y;
    }

    @Benchmark
    public long readOnly(ByteCounter read) {
        read.add(matrix.data().byteSize());
        return ReadProbe.read(matrix.data());
    }
}
