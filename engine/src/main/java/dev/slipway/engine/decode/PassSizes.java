package dev.slipway.engine.decode;

import dev.slipway.engine.model.ModelShape;

/** What the vectors of the largest pass take. */
public final class PassSizes {
    /** Forms that a token's scores are held in while one is chosen: logits, sorted copies, keys, shares. */
    private static final int COPIES_OF_LOGITS = 6;

    private PassSizes() {}

    /**
     * Bytes, rounded up generously: it is little beside the weights.
     *
     * @param vocabulary number of token ids
     * @param slots requests that run at a time
     */
    public static long bytes(ModelShape shape, long vocabulary, int slots) {
        long rows = PassPlanner.MOST_PROMPT_TOKENS + (long) slots;
        long row = 4L * shape.width() + 2L * shape.queryWidth() + 2L * shape.kvWidth() + 2L * shape.hidden();
        // Activations are held once more, in the form that products take.
        long packed = Math.max(Math.max(shape.width(), shape.hidden()), shape.queryWidth());
        return Float.BYTES * (rows * (row + packed) + COPIES_OF_LOGITS * slots * vocabulary);
    }
}
