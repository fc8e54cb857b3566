package dev.slipway.engine.kernel;

import dev.slipway.engine.kernel.x86.Level;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The fast provider of x86-64: machine code made for this processor, which is as fast at its first call as at any later
 * one. Weights are repacked when they are loaded; quantised types take activations rounded to bytes, block by block.
 *
 * <p>Every sum runs along the columns in order, with the same steps at every {@link Level}: results have the same bits
 * alone and in a batch, and on every processor that can run this at all.
 */
final class EmittedKernels implements KernelProvider {
    private static final int GROUP = PackedMatrix.GROUP;

    /** Multiplications of one call: less than a millisecond even on one that is slow. */
    private static final long CALL_WORK = 1 << 21;

    private final Level level;
    private final EmittedVectors vectors;
    private final Map<Key, EmittedProduct> products = new ConcurrentHashMap<>();

    /** What code depends on beside the level. */
    private record Key(QuantisationType type, int planes) {}

    EmittedKernels(Level level) {
        this.level = level;
        this.vectors = new EmittedVectors(level);
    }

    @Override
    public String name() {
        return "emitted";
    }

    Level level() {
        return level;
    }

    @Override
    public String toString() {
        return name() + "-" + level.label();
    }

    /** There is nothing to get ready: code is made when weights of its type are loaded. */
    @Override
    public void prepare(List<Matrix> samples) {}

    private EmittedProduct product(Weights weights) {
        QuantisationType type = weights.type();
        int planes =
                BlockForms.has(type) ? BlockForms.of(type, weights.columns()).planes() : 1;
        return products.computeIfAbsent(new Key(type, planes), key -> EmittedProduct.of(level, key.type, key.planes));
    }

    // ---- matrices

    @Override
    public Weights load(Matrix matrix, Arena arena, Split split) {
        product(matrix);
        return BlockForms.has(matrix.type())
                ? Packer.pack(matrix, BlockForms.of(matrix.type()), arena, split)
                : Packer.pack(matrix, EmittedProduct.floatForm(matrix.type()), arena, split);
    }

    @Override
    public Activations activations() {
        return new PackedActivations(this::product);
    }

    @Override
    public void multiply(Weights weights, int fromRow, int toRow, Activations x, float[] y) {
        if (!(weights instanceof PackedMatrix matrix) || !(x instanceof PackedActivations activations)) {
            throw new IllegalArgumentException(weights.name() + " was loaded by another provider");
        }
        EmittedProduct product = product(matrix);
        int tokens = activations.tokens();
        int together = Math.min(tokens, product.mostTokens());
        long groupWork = (long) GROUP * matrix.columns() * together;
        int groups = Math.clamp(CALL_WORK / groupWork, 1, 1 << 16);
        int firstWhole = Math.ceilDiv(fromRow, GROUP) * GROUP;
        int endWhole = toRow / GROUP * GROUP;
        if (firstWhole > endWhole) {
            part(product, matrix, fromRow, toRow, activations, y);
            return;
        }
        part(product, matrix, fromRow, firstWhole, activations, y);
        for (int row = firstWhole; row < endWhole; row += groups * GROUP) {
            int end = Math.min(endWhole, row + groups * GROUP);
            whole(product, matrix, row, end, activations, y);
        }
        part(product, matrix, endWhole, toRow, activations, y);
    }

    /** Whole groups, whose results go where they belong. */
    private static void whole(
            EmittedProduct product, PackedMatrix matrix, int fromRow, int toRow, PackedActivations x, float[] y) {
        int groups = (toRow - fromRow) / GROUP;
        MemorySegment weights = matrix.groups(fromRow / GROUP, groups);
        MemorySegment results = MemorySegment.ofArray(y);
        long stride = (long) matrix.rows() * Float.BYTES;
        for (int token = 0; token < x.tokens(); token += product.mostTokens()) {
            int count = Math.min(product.mostTokens(), x.tokens() - token);
            MemorySegment to = results.asSlice(
                    token * stride + (long) fromRow * Float.BYTES,
                    (count - 1) * stride + (long) (toRow - fromRow) * Float.BYTES);
            call(product, matrix, weights, token, count, groups, x, to, stride);
        }
    }

    /** Some rows of one group; the results of the others are dropped. */
    private static void part(
            EmittedProduct product, PackedMatrix matrix, int fromRow, int toRow, PackedActivations x, float[] y) {
        if (fromRow >= toRow) {
            return;
        }
        MemorySegment weights = matrix.groups(fromRow / GROUP, 1);
        float[] all = new float[GROUP * product.mostTokens()];
        MemorySegment results = MemorySegment.ofArray(all);
        for (int token = 0; token < x.tokens(); token += product.mostTokens()) {
            int count = Math.min(product.mostTokens(), x.tokens() - token);
            call(product, matrix, weights, token, count, 1, x, results, GROUP * Float.BYTES);
            for (int t = 0; t < count; t++) {
                int from = t * GROUP + fromRow % GROUP;
                System.arraycopy(all, from, y, (token + t) * matrix.rows() + fromRow, toRow - fromRow);
            }
        }
    }

    private static void call(
            EmittedProduct product,
            PackedMatrix matrix,
            MemorySegment weights,
            int token,
            int count,
            int groups,
            PackedActivations x,
            MemorySegment results,
            long stride) {
        int steps = matrix.columns() / product.unit();
        MemorySegment tile = x.tile((long) steps * product.activationBytes(), token, count);
        NativeCode.product(product.products()[count - 1], weights, tile, results, steps, groups, stride);
    }

    // ---- vectors

    @Override
    public void add(float[] y, int yOffset, float[] x, int xOffset, int length) {
        vectors.add(y, yOffset, x, xOffset, length);
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, float[] weight, float epsilon, float[] out, int outOffset) {
        vectors.rmsNorm(x, xOffset, weight, epsilon, out, outOffset);
    }

    @Override
    public void siluTimes(float[] gate, float[] up, int from, int to) {
        vectors.siluTimes(gate, up, from, to);
    }

    @Override
    public void softmax(float[] scores, int from, int to) {
        vectors.softmax(scores, from, to);
    }

    @Override
    public void scores(
            PageSlice keys, float[] query, int queryOffset, float scale, int count, float[] scores, int scoresOffset) {
        vectors.scores(keys, query, queryOffset, scale, scores, scoresOffset);
    }

    @Override
    public void mix(PageSlice values, float[] shares, int sharesOffset, int count, float[] out, int outOffset) {
        vectors.mix(values, shares, sharesOffset, count, out, outOffset);
    }
}
