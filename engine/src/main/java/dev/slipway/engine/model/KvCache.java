package dev.slipway.engine.model;

import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.KernelProvider.PageSlice;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys and values of one sequence, as 32-bit floats, in pages of {@link KernelProvider#PAGE} positions that are
 * allocated when the sequence reaches them.
 *
 * <p>A page holds all layers. Within a layer come the keys of each head, laid out {@code [dimension][position]} so that
 * scores of many positions are computed side by side, then the values of each head, laid out
 * {@code [position][dimension]}.
 */
public final class KvCache {
    private final ModelShape shape;
    private final int capacity;
    private final List<float[]> pages = new ArrayList<>();
    private int length;

    /**
     * An empty cache.
     *
     * @param capacity most positions it will be asked to hold
     */
    public KvCache(ModelShape shape, int capacity) {
        this.shape = shape;
        this.capacity = capacity;
    }

    /** Bytes that a cache of so many positions takes. */
    public static long bytes(ModelShape shape, int positions) {
        return Math.ceilDiv(positions, KernelProvider.PAGE) * pageFloats(shape) * Float.BYTES;
    }

    private static long pageFloats(ModelShape shape) {
        return 2L * shape.blocks() * shape.kvWidth() * KernelProvider.PAGE;
    }

    /** Positions in use. */
    public int length() {
        return length;
    }

    /** Makes room for one more position and returns it. */
    int append() {
        if (length == capacity) {
            throw new IllegalStateException("the KV cache is full at " + capacity + " positions");
        }
        if (length % KernelProvider.PAGE == 0) {
            pages.add(new float[Math.toIntExact(pageFloats(shape))]);
        }
        return length++;
    }

    /** Stores one position's keys and values of one layer. */
    void store(int layer, int position, float[] keys, float[] values, int offset) {
        int inPage = position % KernelProvider.PAGE;
        for (int head = 0; head < shape.kvHeads(); head++) {
            PageSlice k = keys(layer, head, position);
            PageSlice v = values(layer, head, position);
            int from = offset + head * shape.headSize();
            for (int d = 0; d < shape.headSize(); d++) {
                k.floats()[k.offset() + d * KernelProvider.PAGE + inPage] = keys[from + d];
            }
            System.arraycopy(values, from, v.floats(), v.offset() + inPage * shape.headSize(), shape.headSize());
        }
    }

    /** One head's keys on the page that holds a position. */
    PageSlice keys(int layer, int head, int position) {
        return slice(2 * layer, head, position);
    }

    /** One head's values on the page that holds a position. */
    PageSlice values(int layer, int head, int position) {
        return slice(2 * layer + 1, head, position);
    }

    private PageSlice slice(int part, int head, int position) {
        int offset = (part * shape.kvWidth() + head * shape.headSize()) * KernelProvider.PAGE;
        return new PageSlice(pages.get(position / KernelProvider.PAGE), offset, shape.headSize());
    }
}
