package dev.slipway.engine.kernel;

import dev.slipway.model.QuantisationType;
import dev.slipway.model.quantise.Quantiser;
import dev.slipway.posix.LargeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

    /** What bringing one activation into the form of a product costs, in multiplications. */
    private static final long FILL_WORK = 16;

    /** The same for one number of a norm or of an addition, which wait for memory. */
    private static final long PASS_WORK = 8;

    /** Products are split between such numbers of rows, which packed weights keep together. */
    private static final int ROWS_TOGETHER = PackedMatrix.GROUP;

    /** Additions are split between such numbers of elements. */
    private static final int ADD_TOGETHER = 1024;

    /** Most threads that are ever used. */
    private static final int MAX_THREADS = 256;

    private final KernelProvider provider;
    private final WorkerPool pool;
    private final List<Activations> activations = new ArrayList<>();
    private final Arena arena = Arena.ofShared();
    private final List<Arena> arenas = new ArrayList<>();
    private final Map<Row, Long> groupBytes = new HashMap<>();
    private long weightsRead;

    /**
     * Starts the threads.
     *
     * @param threads how many to calculate with, the caller among them; 0 for one per core; never more than cores
     */
    public Compute(KernelProvider provider, int threads) {
        this.provider = provider;
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

    /** Bytes of memory that {@link #load} will take for a matrix; 0 where it uses the stored form. */
    public long loadedBytes(QuantisationType type, int rows, int columns) {
        long group = groupBytes.computeIfAbsent(new Row(type, columns), this::groupBytes);
        return group * Math.ceilDiv(rows, ROWS_TOGETHER);
    }

    /** What rows of one kind have in common. */
    private record Row(QuantisationType type, int columns) {}

    /** Asks the provider by loading a row of zeros. */
    private long groupBytes(Row row) {
        try (Arena sample = Arena.ofConfined()) {
            MemorySegment zeros = sample.allocate(row.type.bytes(row.columns), Long.BYTES);
            Matrix matrix = new Matrix("sample", row.type, 1, row.columns, zeros);
            return switch (provider.load(matrix, sample, (items, range) -> range.run(0, items))) {
                case Matrix _ -> 0;
                case PackedMatrix packed -> packed.groupBytes();
            };
        }
    }

    /** The same for a float matrix that is quantised first. */
    public Weights load(Matrix matrix, QuantisationType type) {
        if (type == matrix.type()) {
            return load(matrix);
        }
        Arena own = Arena.ofShared();
        arenas.add(own);
        MemorySegment bytes =
                LargeMemory.allocate(Math.multiplyExact(type.bytes(matrix.columns()), (long) matrix.rows()), own);
        Matrix quantised = new Matrix(matrix.name(), type, matrix.rows(), matrix.columns(), bytes);
        forEach(matrix.rows(), 1, Long.MAX_VALUE, (from, to) -> {
            for (int row = from; row < to; row++) {
                Quantiser.row(
                        matrix.type(),
                        matrix.data().asSlice(matrix.rowOffset(row), matrix.rowBytes()),
                        type,
                        bytes.asSlice(quantised.rowOffset(row), quantised.rowBytes()));
            }
        });
        Weights weights = load(quantised);
        if (!weights.equals(quantised)) {
            // The provider has made a form of its own.
            arenas.remove(own);
            own.close();
        }
        return weights;
    }

    /**
     * {@code y = weights · x} for each of {@code tokens} vectors.
     *
     * @param x {@code tokens × columns}
     * @param y {@code tokens × rows}
     */
    public void multiply(Weights weights, float[] x, int tokens, float[] y) {
        multiply(x, tokens, new Product(weights, y));
    }

    /**
     * A product with a shared vector.
     *
     * @param y {@code tokens × rows}
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    public record Product(Weights weights, float[] y) {}

    /**
     * Products that share their vectors, which are brought into the provider's form once, and the threads are woken once.
     *
     * @param x {@code tokens × columns}
     */
    public void multiply(float[] x, int tokens, Product... products) {
        int rows = 0;
        long work = 0;
        int forms = 0;
        Part[] parts = new Part[products.length];
        for (int i = 0; i < products.length; i++) {
            Weights weights = products[i].weights;
            int form = form(weights, forms);
            if (form == forms) {
                long fill = FILL_WORK * weights.columns() * tokens;
                fill(form, weights, x, tokens, fill);
                forms++;
            }
            parts[i] = new Part(products[i], activations.get(form), rows);
            // Parts begin where packed rows do.
            rows += Math.ceilDiv(weights.rows(), ROWS_TOGETHER) * ROWS_TOGETHER;
            work += (long) weights.rows() * weights.columns() * tokens;
            weightsRead += (long) weights.rows() * weights.columns();
        }
        forEach(rows, ROWS_TOGETHER, work, (from, to) -> {
            for (Part part : parts) {
                part.run(provider, from, to);
            }
        });
    }

    /** How many weights all products so far have gone over, each once however many vectors it was multiplied with. */
    public long weightsRead() {
        return weightsRead;
    }

    /** The vectors that suit some weights among the first {@code forms}, or the place for the next ones. */
    private int form(Weights weights, int forms) {
        for (int i = 0; i < forms; i++) {
            if (activations.get(i).suit(weights)) {
                return i;
            }
        }
        return forms;
    }

    private void fill(int form, Weights weights, float[] x, int tokens, long work) {
        if (form == activations.size()) {
            activations.add(provider.activations());
        }
        activations.get(form).fill(weights, x, tokens, (items, range) -> forEach(items, 1, work, range));
    }

    /**
     * One of several products.
     *
     * @param firstRow its first row among the rows of all of them
     */
    private record Part(Product product, Activations x, int firstRow) {
        void run(KernelProvider provider, int from, int to) {
            int first = Math.max(0, from - firstRow);
            int end = Math.min(product.weights.rows(), to - firstRow);
            if (first < end) {
                provider.multiply(product.weights, first, end, x, product.y);
            }
        }
    }

    /** Normalises each of {@code rows} vectors as {@link KernelProvider#rmsNorm} says. */
    public void norm(float[] x, int rows, float[] weight, float epsilon, float[] out) {
        int length = weight.length;
        forEach(rows, PASS_WORK * rows * length, (from, to) -> {
            for (int at = from * length; at < to * length; at += length) {
                provider.rmsNorm(x, at, weight, epsilon, out, at);
            }
        });
    }

    /** {@code y[i] += x[i]} for {@code i < length}. */
    public void add(float[] y, float[] x, int length) {
        forEach(length, ADD_TOGETHER, PASS_WORK * length, (from, to) -> provider.add(y, from, x, from, to - from));
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
        arenas.forEach(Arena::close);
    }
}
