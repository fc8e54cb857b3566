package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.Compute.Product;
import dev.slipway.engine.kernel.Weights;
import dev.slipway.model.OpenModel;
import dev.slipway.model.quantise.WeightForm;
import java.util.ArrayList;
import java.util.List;

/**
 * Qwen3: as {@link Llama}, but each head's queries and keys are normed before they turn, and the heads' size is the model's
 * own choice.
 *
 * @see <a href="https://arxiv.org/abs/2505.09388">Yang et al., Qwen3 technical report</a>
 */
final class Qwen3 implements TextModel {
    private final ModelShape shape;
    private final Compute compute;
    private final Frame frame;
    private final Rope rope;
    private final Window window;
    private final Attention attention;
    private final List<Block> blocks = new ArrayList<>();
    private final Buffers buffers;
    private final WeightTotals weights;

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Block(
            float[] attentionNorm,
            Weights query,
            float[] queryNorm,
            Weights key,
            float[] keyNorm,
            Weights value,
            Weights output,
            float[] feedForwardNorm,
            FeedForward feedForward) {}

    Qwen3(OpenModel file, Compute compute, WeightForm form) {
        this.shape = ModelShape.read(file, "qwen3");
        this.compute = compute;
        Tensors tensors = new Tensors(file, compute, form);
        this.frame = Frame.read(tensors, shape);
        this.rope = Rope.read(file, shape, tensors);
        this.window = Window.read(file, shape);
        this.attention = new Attention(shape, compute);
        for (int i = 0; i < shape.blocks(); i++) {
            blocks.add(block(tensors, "blk." + i + "."));
        }
        tensors.refuseLeftovers();
        compute.prepare(tensors.samples());
        this.buffers = new Buffers(shape);
        this.weights = tensors.totals(frame.embedding().rows());
    }

    private Block block(Tensors tensors, String name) {
        return new Block(
                tensors.vector(name + "attn_norm.weight", shape.width()),
                tensors.weights(name + "attn_q.weight", shape.queryWidth(), shape.width()),
                tensors.vector(name + "attn_q_norm.weight", shape.headSize()),
                tensors.weights(name + "attn_k.weight", shape.kvWidth(), shape.width()),
                tensors.vector(name + "attn_k_norm.weight", shape.headSize()),
                tensors.weights(name + "attn_v.weight", shape.kvWidth(), shape.width()),
                tensors.weights(name + "attn_output.weight", shape.width(), shape.queryWidth()),
                tensors.vector(name + "ffn_norm.weight", shape.width()),
                FeedForward.read(tensors, name, shape));
    }

    @Override
    public float[] states(Batch batch) {
        int rows = batch.size();
        Buffers b = buffers;
        b.reserve(rows);
        Rope.Angles angles = rope.angles(batch);
        frame.embed(batch, b.state);
        for (int layer = 0; layer < blocks.size(); layer++) {
            Block block = blocks.get(layer);

            compute.norm(b.state, rows, block.attentionNorm, shape.epsilon(), b.normed);
            compute.multiply(
                    b.normed,
                    rows,
                    new Product(block.query, b.queries),
                    new Product(block.key, b.keys),
                    new Product(block.value, b.values));
            compute.norm(b.queries, rows * shape.heads(), block.queryNorm, shape.epsilon(), b.queries);
            compute.norm(b.keys, rows * shape.kvHeads(), block.keyNorm, shape.epsilon(), b.keys);
            rope.turn(b.queries, rows, shape.heads(), angles);
            rope.turn(b.keys, rows, shape.kvHeads(), angles);
            attention.attend(layer, window.of(layer), batch, b.attention());
            compute.multiply(block.output, b.mixed, rows, b.change);
            compute.add(b.state, b.change, rows * shape.width());

            compute.norm(b.state, rows, block.feedForwardNorm, shape.epsilon(), b.normed);
            block.feedForward.apply(compute, b.normed, rows, b.hidden, b.other, b.change);
            compute.add(b.state, b.change, rows * shape.width());
        }
        compute.norm(b.state, rows, frame.norm(), shape.epsilon(), b.normed);
        return b.normed;
    }

    @Override
    public void logits(float[] states, int rows, float[] logits) {
        frame.logits(compute, states, rows, logits);
    }

    @Override
    public ModelShape shape() {
        return shape;
    }

    @Override
    public WeightTotals weights() {
        return weights;
    }
}
