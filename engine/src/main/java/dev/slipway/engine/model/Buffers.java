package dev.slipway.engine.model;

/** The intermediate vectors of one pass, kept from pass to pass and grown when a larger batch comes. */
final class Buffers {
    private final ModelShape shape;
    private int rows;
    float[] state = {};
    float[] normed = {};
    float[] queries = {};
    float[] keys = {};
    float[] values = {};
    float[] mixed = {};
    float[] change = {};
    float[] hidden = {};
    float[] other = {};

    Buffers(ModelShape shape) {
        this.shape = shape;
    }

    /** What attention reads and writes. */
    Attention.Vectors attention() {
        return new Attention.Vectors(queries, keys, values, mixed);
    }

    void reserve(int needed) {
        if (needed <= rows) {
            return;
        }
        rows = needed;
        state = new float[rows * shape.width()];
        normed = new float[rows * shape.width()];
        queries = new float[rows * shape.queryWidth()];
        keys = new float[rows * shape.kvWidth()];
        values = new float[rows * shape.kvWidth()];
        mixed = new float[rows * shape.queryWidth()];
        change = new float[rows * shape.width()];
        hidden = new float[rows * shape.hidden()];
        other = new float[rows * shape.hidden()];
    }
}
