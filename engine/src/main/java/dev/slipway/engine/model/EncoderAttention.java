package dev.slipway.engine.model;

import dev.slipway.engine.kernel.AttentionTile;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.KvRows;
import dev.slipway.engine.kernel.Page;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.engine.kernel.PageMemory;
import java.util.ArrayList;
import java.util.List;

/**
 * Attention in which every position sees every other.
 *
 * <p>The kernels know a position that sees all up to its own, with any number of query heads. So the queries of one head at
 * different positions are handed to them as so many heads at the last position.
 */
final class EncoderAttention implements AutoCloseable {
    private static final int PAGE = KernelProvider.PAGE;

    /** Queries that share the reading of a page. */
    private static final int TILE = 64;

    private final int heads;
    private final int headSize;
    private final float scale;
    private final Compute compute;
    private final PageMemory memory;
    private final List<Page> pages = new ArrayList<>();
    private float[] queriesByHead = {};
    private float[] mixedByHead = {};

    EncoderAttention(int heads, int headSize, Compute compute) {
        this.heads = heads;
        this.headSize = headSize;
        this.scale = (float) (1 / Math.sqrt(headSize));
        this.compute = compute;
        this.memory = new PageMemory(new PageForm(1, heads, headSize, CacheType.F32, CacheType.F32));
    }

    /** Mixes the values of all positions for each query; all arrays are positions × width. */
    void attend(float[] queries, float[] keys, float[] values, int positions, float[] out) {
        reserve(positions);
        int width = heads * headSize;
        compute.forEach(heads, 4L * positions * width, (from, to) -> {
            for (int head = from; head < to; head++) {
                store(head, positions, keys, values);
                copy(queries, head * headSize, width, queriesByHead, head * positions * headSize, headSize, positions);
            }
        });
        int tiles = Math.ceilDiv(positions, TILE);
        compute.forEach(heads * tiles, 2L * positions * positions * width, (from, to) -> {
            for (int i = from; i < to; i++) {
                look(i / tiles, i % tiles * TILE, positions);
            }
        });
        compute.forEach(heads, 2L * positions * width, (from, to) -> {
            for (int head = from; head < to; head++) {
                copy(mixedByHead, head * positions * headSize, headSize, out, head * headSize, width, positions);
            }
        });
    }

    private void reserve(int positions) {
        long needed = PageForm.pages(positions);
        while (pages.size() < needed) {
            pages.add(memory.take(needed - pages.size()));
        }
        int length = positions * heads * headSize;
        if (queriesByHead.length < length) {
            queriesByHead = new float[length];
            mixedByHead = new float[length];
        }
    }

    private void store(int head, int positions, float[] keys, float[] values) {
        int width = heads * headSize;
        for (int first = 0; first < positions; first += PAGE) {
            int count = Math.min(PAGE, positions - first);
            KvRows rows = new KvRows(keys, values, first * width + head * headSize, width, count);
            compute.provider().store(pages.get(first / PAGE), 0, head, 0, rows);
        }
    }

    /** Copies one head's vectors between places with other distances. */
    private void copy(float[] from, int fromAt, int fromStep, float[] to, int toAt, int toStep, int positions) {
        for (int p = 0; p < positions; p++) {
            System.arraycopy(from, fromAt + p * fromStep, to, toAt + p * toStep, headSize);
        }
    }

    private void look(int head, int first, int positions) {
        int count = Math.min(TILE, positions - first);
        int at = (head * positions + first) * headSize;
        AttentionTile.Rows rows = new AttentionTile.Rows(queriesByHead, mixedByHead, at, count * headSize, 1, count);
        List<Page> used = pages.subList(0, (int) PageForm.pages(positions));
        compute.provider()
                .attend(new AttentionTile(used, 0, 0, head, positions - 1, rows, scale, AttentionTile.NO_WINDOW));
    }

    @Override
    public void close() {
        memory.close();
    }
}
