package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.Weights;

/**
 * The gated feed-forward part: {@code down · (silu(gate · x) ⊙ (up · x))}.
 *
 * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer, GLU variants improve Transformer</a>
 */
record FeedForward(Weights gate, Weights up, Weights down) {
    static FeedForward read(Tensors tensors, String block, ModelShape shape) {
        return new FeedForward(
                tensors.weights(block + "ffn_gate.weight", shape.hidden(), shape.width()),
                tensors.weights(block + "ffn_up.weight", shape.hidden(), shape.width()),
                tensors.weights(block + "ffn_down.weight", shape.width(), shape.hidden()));
    }

    /**
     * Applies it to all rows.
     *
     * @param hidden scratch of rows × hidden
     * @param other scratch of the same size
     */
    void apply(Compute compute, float[] x, int rows, float[] hidden, float[] other, float[] out) {
        compute.multiply(x, rows, new Compute.Product(gate, hidden), new Compute.Product(up, other));
        int length = rows * gate.rows();
        // An exponential costs some twenty multiplications.
        compute.forEach(
                rows,
                20L * length,
                (from, to) -> compute.provider().siluTimes(hidden, other, from * gate.rows(), to * gate.rows()));
        compute.multiply(down, hidden, rows, out);
    }
}
