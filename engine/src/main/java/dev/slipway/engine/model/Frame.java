package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.engine.kernel.Weights;

/**
 * What stands around the blocks of every decoder here: token embedding before them, norm and output matrix after them.
 *
 * @param output the output matrix; the embedding itself where the file ties the two
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Frame(Matrix embedding, float[] norm, Weights output) {
    static Frame read(Tensors tensors, ModelShape shape) {
        int vocabulary = tensors.rows("token_embd.weight");
        String output = tensors.has("output.weight") ? "output.weight" : "token_embd.weight";
        Matrix embedding = tensors.matrix("token_embd.weight", vocabulary, shape.width());
        return new Frame(
                embedding,
                tensors.vector("output_norm.weight", shape.width()),
                tensors.weights(output, vocabulary, shape.width()));
    }

    /** Puts the embedding of each row's token into {@code out}. */
    void embed(Batch batch, float[] out) {
        for (int row = 0; row < batch.size(); row++) {
            StoredFloats.row(embedding, batch.row(row).token(), out, row * embedding.columns());
        }
    }

    /** The logits of some final states. */
    void logits(Compute compute, float[] states, int rows, float[] logits) {
        compute.multiply(output, states, rows, logits);
    }
}
