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

    /** Multiplications of one call: less than a millisecond even on a processor that is slow. */
    private static final long CALL_WORK = 1 << 23;

    /** Activations that stay in a core's second cache, beside the weights that pass by. */
    private static final long NEAR_BYTES = 3 << 17;

    /** Up to so many tiles, products take their time for bringing weights from memory. */
    private static final int FEW_TILES = 4;

    private final Level level;
    private final EmittedVectors vectors = new EmittedVectors();
    private final EmittedAttention attention;
    private final Map<Key, EmittedProduct> products = new ConcurrentHashMap<>();

    /** What code depends on beside the level. */
    private record Key(QuantisationType type, int planes) {}

    EmittedKernels(Level level) {
        this.level = level;
        this.attention = new EmittedAttention(level);
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
                ? Packer.pack(matrix, BlockForms.of(matrix.type()), true, arena, split)
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
        int firstWhole = Math.ceilDiv(fromRow, GROUP) * GROUP;
        int endWhole = toRow / GROUP * GROUP;
        if (firstWhole > endWhole) {
            part(product, matrix, fromRow, toRow, activations, y);
            return;
        }
        part(product, matrix, fromRow, firstWhole, activations, y);
        if (firstWhole < endWhole) {
            int groups = (endWhole - firstWhole) / GROUP;
            long stride = (long) matrix.rows() * Float.BYTES;
            MemorySegment results = MemorySegment.ofArray(y).asSlice((long) firstWhole * Float.BYTES);
            multiply(product, new Groups(matrix, firstWhole / GROUP, groups, results, stride), activations);
        }
        part(product, matrix, endWhole, toRow, activations, y);
    }

    /** Some rows of one group; the results of the others are dropped. */
    private static void part(
            EmittedProduct product, PackedMatrix matrix, int fromRow, int toRow, PackedActivations x, float[] y) {
        if (fromRow < toRow) {
            float[] all = new float[GROUP * x.tokens()];
            MemorySegment results = MemorySegment.ofArray(all);
            multiply(product, new Groups(matrix, fromRow / GROUP, 1, results, GROUP * Float.BYTES), x);
            for (int t = 0; t < x.tokens(); t++) {
                int from = t * GROUP + fromRow % GROUP;
                System.arraycopy(all, from, y, t * matrix.rows() + fromRow, toRow - fromRow);
            }
        }
    }

    /**
     * Groups of rows and where their results go.
     *
     * @param results begins with the first row's result for the first token
     * @param stride bytes from one token's results to the next one's
     */
    private record Groups(PackedMatrix matrix, int first, int count, MemorySegment results, long stride) {
        Groups part(int from, int groups) {
            long rowBytes = (long) GROUP * Float.BYTES;
            return new Groups(matrix, first + from, groups, results.asSlice(from * rowBytes), stride);
        }

        MemorySegment weights(int from, int groups) {
            return matrix.groups(first + from, groups);
        }

        MemorySegment results(int from, int groups, int token, int tokens) {
            long rowBytes = (long) GROUP * Float.BYTES;
            return results.asSlice(token * stride + from * rowBytes, (tokens - 1) * stride + groups * rowBytes);
        }
    }

    /** Runs of tokens stay in the cache while all groups meet them. */
    private static void multiply(EmittedProduct product, Groups groups, PackedActivations x) {
        int width = x.width();
        long tileBytes = width * tokenBytes(product, groups.matrix);
        int run = Math.clamp(NEAR_BYTES / tileBytes, 1, 1 << 16) * width;
        if (x.tokens() <= FEW_TILES * width) {
            multiplyFew(product, groups, x);
            return;
        }
        for (int token = 0; token < x.tokens(); token += run) {
            int end = Math.min(x.tokens(), token + run);
            int tiles = (end - token) / width;
            multiply(product, groups, x, token, width, tiles);
            multiply(product, groups, x, token + tiles * width, (end - token) % width, 1);
        }
    }

    /** Few tokens wait for the weights: those that one tile has brought near meet the other tiles before they go. */
    private static void multiplyFew(EmittedProduct product, Groups groups, PackedActivations x) {
        int width = x.width();
        int together = x.tokens() <= width
                ? groups.count
                : Math.clamp(NEAR_BYTES / groups.matrix.groupBytes(), 1, groups.count);
        for (int from = 0; from < groups.count; from += together) {
            Groups near = groups.part(from, Math.min(together, groups.count - from));
            for (int token = 0; token < x.tokens(); token += width) {
                multiply(product, near, x, token, Math.min(width, x.tokens() - token), 1);
            }
        }
    }

    /** Tiles of one width, in calls that each are short. */
    private static void multiply(
            EmittedProduct product, Groups groups, PackedActivations x, int firstToken, int width, int tiles) {
        if (width == 0 || tiles == 0) {
            return;
        }
        PackedMatrix matrix = groups.matrix;
        int most = Math.clamp(CALL_WORK / ((long) GROUP * matrix.columns() * width), 1, 1 << 16);
        int groupsTogether = Math.max(1, most / tiles);
        int tilesTogether = Math.min(most, tiles);
        int steps = matrix.columns() / product.unit();
        MemorySegment code = product.code(width, tiles);
        for (int group = 0; group < groups.count; group += groupsTogether) {
            int groupCount = Math.min(groupsTogether, groups.count - group);
            for (int tile = 0; tile < tiles; tile += tilesTogether) {
                int tileCount = Math.min(tilesTogether, tiles - tile);
                int token = firstToken + tile * width;
                int tokens = tileCount * width;
                NativeCode.product(
                        code,
                        groups.weights(group, groupCount),
                        x.tiles(tokenBytes(product, matrix), token, tokens),
                        groups.results(group, groupCount, token, tokens),
                        steps,
                        groupCount,
                        groups.stride,
                        tileCount);
            }
        }
    }

    private static long tokenBytes(EmittedProduct product, PackedMatrix matrix) {
        return (long) (matrix.columns() / product.unit()) * product.activationBytes();
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
    public void store(Page page, int layer, int head, int position, KvRows rows) {
        StoredPages.store(page, layer, head, position, rows);
    }

    @Override
    public void attend(AttentionTile tile) {
        attention.attend(tile);
    }
}
