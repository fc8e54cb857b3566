package dev.slipway.engine.model;

import dev.slipway.engine.kernel.AttentionTile;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProvider;
import dev.slipway.engine.kernel.KvRows;
import dev.slipway.engine.kernel.Page;
import java.util.ArrayList;
import java.util.List;

/**
 * Causal attention with grouped heads: each query head looks at the positions of its sequence up to its own, at the keys
 * and values of the kv head that its group shares.
 *
 * <p>Work is cut into tiles: some successive positions of a sequence, all heads of one group. So a page is read once for all
 * of them, and tiles are shared out over threads.
 */
final class Attention {
    private static final int PAGE = KernelProvider.PAGE;

    /** Vectors of a tile: enough to make reading a page worth it, few enough to stay near. */
    private static final int TILE_VECTORS = 256;

    private final ModelShape shape;
    private final Compute compute;
    private final float scale;
    private final int tilePositions;

    /** One layer's queries, keys and values of a batch, row by row; results go to {@code out}. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Vectors(float[] queries, float[] keys, float[] values, float[] out) {}

    /** Some of a run's positions: those that share a page to be stored on, or that look together. */
    private record Piece(Batch.Run run, int firstPosition, int count) {
        int row() {
            return run.firstRow() + firstPosition - run.firstPosition();
        }
    }

    Attention(ModelShape shape, Compute compute) {
        this.shape = shape;
        this.compute = compute;
        this.scale = (float) (1 / Math.sqrt(shape.headSize()));
        int positions = Math.max(1, TILE_VECTORS / group());
        // A power of two, so that tiles end where pages end.
        this.tilePositions = Math.min(PAGE, Integer.highestOneBit(positions));
    }

    private int group() {
        return shape.heads() / shape.kvHeads();
    }

    /** Stores the batch's keys and values in the caches, then lets every row's queries look at all there is. */
    void attend(int layer, Batch batch, float[] queries, float[] keys, float[] values, float[] out) {
        attend(layer, AttentionTile.NO_WINDOW, batch, new Vectors(queries, keys, values, out));
    }

    /**
     * The same, where a query sees only the last positions.
     *
     * @param window how many, its own included; {@link AttentionTile#NO_WINDOW} for all
     */
    void attend(int layer, int window, Batch batch, Vectors vectors) {
        List<Batch.Run> runs = batch.runs();
        List<Piece> stores = pieces(runs, PAGE);
        int heads = shape.kvHeads();
        compute.forEach(stores.size() * heads, 8L * batch.size() * shape.kvWidth(), (from, to) -> {
            for (int i = from; i < to; i++) {
                store(layer, i % heads, stores.get(i / heads), vectors);
            }
        });
        List<Piece> tiles = pieces(runs, tilePositions);
        long positions = 0;
        for (Piece tile : tiles) {
            positions += (long) tile.count * Math.min(window, tile.firstPosition + tile.count);
        }
        compute.forEach(tiles.size() * heads, 2 * positions * shape.queryWidth(), (from, to) -> {
            for (int i = from; i < to; i++) {
                look(layer, i % heads, window, tiles.get(i / heads), vectors);
            }
        });
        if (layer == shape.blocks() - 1) {
            runs.forEach(run -> run.cache().computed(run.end()));
        }
    }

    /** Cuts runs where a position is a multiple of {@code size}. */
    private static List<Piece> pieces(List<Batch.Run> runs, int size) {
        List<Piece> pieces = new ArrayList<>();
        for (Batch.Run run : runs) {
            for (int at = run.firstPosition(), end; at < run.end(); at = end) {
                end = Math.min(run.end(), (at / size + 1) * size);
                pieces.add(new Piece(run, at, end - at));
            }
        }
        return pieces;
    }

    private void store(int layer, int head, Piece piece, Vectors vectors) {
        Page page = piece.run.cache().page(piece.firstPosition / PAGE);
        int offset = piece.row() * shape.kvWidth() + head * shape.headSize();
        KvRows rows = new KvRows(vectors.keys, vectors.values, offset, shape.kvWidth(), piece.count);
        compute.provider().store(page, layer, head, piece.firstPosition % PAGE, rows);
    }

    private void look(int layer, int head, int window, Piece tile, Vectors vectors) {
        int firstPage = Math.max(0, tile.firstPosition - window + 1) / PAGE;
        int endPage = Math.ceilDiv(tile.firstPosition + tile.count, PAGE);
        List<Page> pages = new ArrayList<>(endPage - firstPage);
        for (int i = firstPage; i < endPage; i++) {
            pages.add(tile.run.cache().page(i));
        }
        int width = shape.queryWidth();
        int offset = tile.row() * width + head * group() * shape.headSize();
        AttentionTile.Rows rows =
                new AttentionTile.Rows(vectors.queries, vectors.out, offset, width, tile.count, group());
        compute.provider()
                .attend(new AttentionTile(pages, firstPage, layer, head, tile.firstPosition, rows, scale, window));
    }
}
