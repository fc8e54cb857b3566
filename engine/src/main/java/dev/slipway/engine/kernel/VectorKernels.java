package dev.slipway.engine.kernel;

import static dev.slipway.engine.kernel.VectorRows.FLOATS;
import static dev.slipway.engine.kernel.VectorRows.LANES;
import static dev.slipway.engine.kernel.VectorRows.STRIPE;

import dev.slipway.engine.kernel.x86.BlockForm;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The portable fast provider, by the Vector API: works on whatever vector width the host has, from 128 bits up.
 *
 * <p>Vector code is fast once it has been compiled and very slow before. So {@link #prepare} exercises it on a thread of
 * its own, and until a kernel has shown its speed there, {@link LaneKernels} calculates the same bits.
 *
 * <p>Only {@link KernelProviders} may touch this class: loading it fails where the module
 * {@code jdk.incubator.vector} is absent.
 */
final class VectorKernels implements KernelProvider {
    /** Rows that are unpacked together and then multiplied with every token while the tokens stay in the cache. */
    private static final int UNPACKED_ROWS = 8;

    private static final long NEAR_ALIGNMENT = 64;

    private final LaneKernels plain = new LaneKernels(LANES, STRIPE);
    private volatile Readiness ready;

    /** What has been compiled: the products with weights of some types, and everything else. */
    record Readiness(Set<QuantisationType> types, boolean rest) {
        static final Readiness NONE = new Readiness(Set.of(), false);
        static final Readiness ALL = new Readiness(StoredFloats.SUPPORTED, true);
    }

    VectorKernels(Readiness ready) {
        if (LANES < 4) {
            throw new UnsupportedOperationException("vectors of " + LANES + " floats");
        }
        this.ready = ready;
    }

    @Override
    public void prepare(List<Matrix> samples) {
        VectorWarmup.start(samples, this::onReady);
    }

    private synchronized void onReady(Readiness more) {
        Set<QuantisationType> types = EnumSet.noneOf(QuantisationType.class);
        types.addAll(ready.types);
        types.addAll(more.types);
        ready = new Readiness(types, ready.rest || more.rest);
    }

    /** What runs as vectors by now. */
    Readiness readiness() {
        return ready;
    }

    @Override
    public String name() {
        return "vector";
    }

    /** Bits of one vector on this host. */
    int bits() {
        return LANES * Float.SIZE;
    }

    // ---- matrices

    /** Quantised types are packed as for emitted code; floats stay as they are stored. */
    @Override
    public Weights load(Matrix matrix, Arena arena, Split split) {
        return BlockForms.has(matrix.type())
                ? Packer.pack(matrix, BlockForms.of(matrix.type()), false, arena, split)
                : matrix;
    }

    @Override
    public Activations activations() {
        return new LaneActivations();
    }

    @Override
    public void multiply(Weights weights, int fromRow, int toRow, Activations activations, float[] y) {
        if (!(activations instanceof LaneActivations x)) {
            throw new IllegalArgumentException(weights.name() + " was loaded by another provider");
        }
        switch (weights) {
            case Matrix matrix -> floats(matrix, fromRow, toRow, x.x(), x.tokens(), y);
            case PackedMatrix packed -> blocks(packed, fromRow, toRow, x, y);
        }
    }

    private void blocks(PackedMatrix matrix, int fromRow, int toRow, LaneActivations x, float[] y) {
        if (!x.suit(matrix)) {
            throw new IllegalArgumentException(matrix.name() + " got activations of another form");
        }
        BlockForm form = BlockForms.of(matrix.type(), matrix.columns());
        boolean vectors = ready.types.contains(matrix.type());
        VectorBlocks fast = new VectorBlocks(form, x);
        float[] values = BlockForms.values(form);
        float[] sums = new float[BlockForm.ROWS];
        try (Arena arena = Arena.ofConfined()) {
            // Copying reads in the order of memory, which the passes over a group do not.
            MemorySegment near = arena.allocate(matrix.groupBytes(), NEAR_ALIGNMENT);
            for (int group = fromRow / BlockForm.ROWS; group * BlockForm.ROWS < toRow; group++) {
                near.copyFrom(matrix.groups(group, 1));
                int first = Math.max(fromRow, group * BlockForm.ROWS);
                int end = Math.min(toRow, (group + 1) * BlockForm.ROWS);
                for (int token = 0; token < x.tokens(); token++) {
                    Arrays.fill(sums, 0);
                    if (vectors) {
                        fast.multiply(near, token, sums);
                    } else {
                        LaneBlocks.multiply(form, near, 0, x, token, values, sums);
                    }
                    finish(near, group, first, end, sums, y, token * matrix.rows());
                }
            }
        }
    }

    /** Scales each row's sum by its factor, which stands behind the group's blocks. */
    private static void finish(MemorySegment data, int group, int from, int to, float[] sums, float[] y, int yAt) {
        long factors = data.byteSize() - BlockForm.FACTOR_BYTES;
        for (int row = from; row < to; row++) {
            int inGroup = row - group * BlockForm.ROWS;
            y[yAt + row] = sums[inGroup] * data.get(StoredFloats.FLOAT, factors + (long) inGroup * Float.BYTES);
        }
    }

    private void floats(Matrix matrix, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        if (!ready.types.contains(matrix.type())) {
            plain.multiply(matrix, fromRow, toRow, x, tokens, y);
        } else if (tokens == 1) {
            multiplyOne(matrix, fromRow, toRow, x, y);
        } else {
            multiplyMany(matrix, fromRow, toRow, x, tokens, y);
        }
    }

    private static void multiplyOne(Matrix matrix, int fromRow, int toRow, float[] x, float[] y) {
        int columns = matrix.columns();
        int whole = columns - columns % STRIPE;
        float[] sums = new float[4 * LANES];
        float[] rest = new float[STRIPE];
        for (int r = fromRow; r < toRow; r++) {
            long at = matrix.rowOffset(r);
            VectorRows.dot(matrix.type(), matrix.data(), at, whole, x, sums);
            if (whole < columns) {
                StoredFloats.read(matrix.type(), matrix.data(), at, whole, columns, rest, 0);
            }
            y[r] = VectorDense.finish(rest, -whole, whole, columns, x, 0, sums, 0);
        }
    }

    private static void multiplyMany(Matrix matrix, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        int columns = matrix.columns();
        int whole = columns - columns % STRIPE;
        float[] sums = new float[VectorDense.SUMS];
        float[] unpacked = new float[UNPACKED_ROWS * columns];
        for (int first = fromRow; first < toRow; first += UNPACKED_ROWS) {
            int end = Math.min(toRow, first + UNPACKED_ROWS);
            for (int r = first; r < end; r++) {
                long at = matrix.rowOffset(r);
                int to = (r - first) * columns;
                VectorRows.unpack(matrix.type(), matrix.data(), at, whole, unpacked, to);
                StoredFloats.read(matrix.type(), matrix.data(), at, whole, columns, unpacked, to + whole);
            }
            VectorDense.multiply(unpacked, end - first, columns, x, tokens, y, first, matrix.rows(), sums);
        }
    }

    // ---- vectors

    @Override
    public void add(float[] y, int yOffset, float[] x, int xOffset, int length) {
        // The compiler makes vectors of this by itself.
        for (int i = 0; i < length; i++) {
            y[yOffset + i] += x[xOffset + i];
        }
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, float[] weight, float epsilon, float[] out, int outOffset) {
        if (!ready.rest) {
            plain.rmsNorm(x, xOffset, weight, epsilon, out, outOffset);
            return;
        }
        int length = weight.length;
        int whole = FLOATS.loopBound(length);
        float squares = squares(x, xOffset, length, whole);
        float scale = (float) (1 / Math.sqrt(squares / length + epsilon));
        for (int i = 0; i < whole; i += LANES) {
            load(x, xOffset + i).mul(scale).mul(load(weight, i)).intoArray(out, outOffset + i);
        }
        for (int i = whole; i < length; i++) {
            out[outOffset + i] = x[xOffset + i] * scale * weight[i];
        }
    }

    private static float squares(float[] x, int xOffset, int length, int whole) {
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < whole; i += LANES) {
            FloatVector v = load(x, xOffset + i);
            sum = v.fma(v, sum);
        }
        float[] lanes = new float[LANES];
        sum.intoArray(lanes, 0);
        float total = VectorDense.sumOfLanes(lanes, 0);
        for (int i = whole; i < length; i++) {
            total = Math.fma(x[xOffset + i], x[xOffset + i], total);
        }
        return total;
    }

    @Override
    public void siluTimes(float[] gate, float[] up, int from, int to) {
        if (!ready.rest) {
            plain.siluTimes(gate, up, from, to);
            return;
        }
        int i = from;
        for (; i + LANES <= to; i += LANES) {
            FloatVector v = load(gate, i);
            v.div(exp(v.neg()).add(1f)).mul(load(up, i)).intoArray(gate, i);
        }
        for (; i < to; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
        }
    }

    @Override
    public void softmax(float[] scores, int from, int to) {
        if (!ready.rest) {
            plain.softmax(scores, from, to);
            return;
        }
        float most = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            most = Math.max(most, scores[i]);
        }
        int i = from;
        FloatVector sums = FloatVector.zero(FLOATS);
        for (; i + LANES <= to; i += LANES) {
            FloatVector share = exp(load(scores, i).sub(most));
            share.intoArray(scores, i);
            sums = sums.add(share);
        }
        float[] lanes = new float[LANES];
        sums.intoArray(lanes, 0);
        float sum = VectorDense.sumOfLanes(lanes, 0);
        for (; i < to; i++) {
            scores[i] = (float) Math.exp(scores[i] - most);
            sum += scores[i];
        }
        float scale = 1 / sum;
        for (i = from; i < to; i++) {
            scores[i] *= scale;
        }
    }

    /**
     * e^v to about 2 units in the last place: 2^n times a polynomial for the rest of the exponent, which lies between
     * ±ln 2 / 2. Made of exactly rounded steps, so that it gives the same bits whether compiled or not.
     */
    private static FloatVector exp(FloatVector v) {
        FloatVector bounded = v.max(-87f).min(88f);
        IntVector n =
                bounded.mul(1.44269504f).add(12582912f).reinterpretAsInts().sub(0x4B400000);
        FloatVector whole = (FloatVector) n.convert(VectorOperators.I2F, 0);
        FloatVector rest = whole.fma(FloatVector.broadcast(FLOATS, -0.693359375f), bounded);
        rest = whole.fma(FloatVector.broadcast(FLOATS, 2.12194440e-4f), rest);
        FloatVector sum = rest.mul(1f / 720).add(1f / 120);
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 1f / 24));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 1f / 6));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 0.5f));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 1f));
        sum = sum.fma(rest, FloatVector.broadcast(FLOATS, 1f));
        return n.add(127)
                .lanewise(VectorOperators.LSHL, 23)
                .reinterpretAsFloats()
                .mul(sum);
    }

    // ---- attention

    @Override
    public void store(Page page, int layer, int head, int position, KvRows rows) {
        StoredPages.store(page, layer, head, position, rows);
    }

    @Override
    public void attend(AttentionTile tile) {
        (ready.rest ? new VectorAttention(tile) : new PlainAttention(tile)).run();
    }

    private static FloatVector load(float[] floats, int at) {
        return FloatVector.fromArray(FLOATS, floats, at);
    }
}
