package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProvider;

/**
 * Causal attention with grouped heads: each query head looks at all positions of its sequence up to its own, at the keys
 * and values of the kv head that its group shares.
 */
final class Attention {
    private final ModelShape shape;
    private final Compute compute;
    private final float scale;

    Attention(ModelShape shape, Compute compute) {
        this.shape = shape;
        this.compute = compute;
        this.scale = (float) (1 / Math.sqrt(shape.headSize()));
    }

    /** Stores the batch's keys and values in the caches, then lets every row's queries look. */
    void attend(int layer, Batch batch, float[] queries, float[] keys, float[] values, float[] out) {
        long positions = 0;
        for (int row = 0; row < batch.size(); row++) {
            Batch.Row entry = batch.row(row);
            entry.cache().store(layer, entry.position(), keys, values, row * shape.kvWidth());
            positions += entry.position() + 1;
        }
        long work = 2 * positions * shape.queryWidth();
        compute.forEach(batch.size() * shape.heads(), work, (from, to) -> {
            for (int item = from; item < to; item++) {
                head(layer, batch.row(item / shape.heads()), item % shape.heads(), queries, item, out);
            }
        });
    }

    private void head(int layer, Batch.Row row, int head, float[] queries, int item, float[] out) {
        KernelProvider kernels = compute.provider();
        int count = row.position() + 1;
        int at = item * shape.headSize();
        int kvHead = head / (shape.heads() / shape.kvHeads());
        float[] scores = new float[Math.ceilDiv(count, KernelProvider.PAGE) * KernelProvider.PAGE];
        for (int p = 0; p < count; p += KernelProvider.PAGE) {
            int used = Math.min(KernelProvider.PAGE, count - p);
            kernels.scores(row.cache().keys(layer, kvHead, p), queries, at, scale, used, scores, p);
        }
        kernels.softmax(scores, 0, count);
        java.util.Arrays.fill(out, at, at + shape.headSize(), 0);
        for (int p = 0; p < count; p += KernelProvider.PAGE) {
            int used = Math.min(KernelProvider.PAGE, count - p);
            kernels.mix(row.cache().values(layer, kvHead, p), scores, p, used, out, at);
        }
    }
}
