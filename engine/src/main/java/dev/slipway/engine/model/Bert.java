package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.OpenModel;
import dev.slipway.model.quantise.WeightForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * BERT and RoBERTa: embeddings of token, position and text added up and normalised; in each block attention, then a
 * feed-forward part, each added to what came before and normalised after that. A head for scores may follow.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al., BERT</a>
 * @see <a href="https://arxiv.org/abs/1907.11692">Liu et al., RoBERTa</a>
 */
final class Bert implements TextEncoder {
    static final String ARCHITECTURE = "bert";

    private static final int MAX_CONTEXT = 1 << 20;
    private static final int MAX_WIDTH = 1 << 16;
    private static final int MAX_BLOCKS = 1 << 10;
    private static final int MAX_HEADS = 1 << 10;

    private final Compute compute;
    private final int contextLength;
    private final int width;
    private final int hidden;
    private final int firstPosition;
    private final Matrix words;
    private final Matrix positions;
    private final Matrix types;
    private final LayerNorm embeddingNorm;
    private final EncoderAttention attention;
    private final List<Block> blocks = new ArrayList<>();
    private final Optional<LabelHead> head;
    private final WeightTotals weights;

    private record Block(
            Biased query,
            Biased key,
            Biased value,
            Biased output,
            LayerNorm attentionNorm,
            Biased up,
            Biased down,
            LayerNorm outputNorm) {}

    Bert(OpenModel file, Compute compute, WeightForm form) {
        this.compute = compute;
        ModelShape.Keys keys = new ModelShape.Keys(file, ARCHITECTURE);
        this.contextLength = keys.size("context_length", MAX_CONTEXT);
        this.width = keys.size("embedding_length", MAX_WIDTH);
        this.hidden = keys.size("feed_forward_length", MAX_WIDTH);
        this.firstPosition =
                (int) file.metadata().integer(ARCHITECTURE + ".position_offset").orElse(0);
        int heads = keys.size("attention.head_count", MAX_HEADS);
        if (width % heads != 0) {
            throw keys.wrong("a width of " + width + " cannot be shared by " + heads + " heads");
        }
        if (file.metadata().flag(ARCHITECTURE + ".attention.causal").orElse(false)) {
            throw keys.wrong("its attention is causal, and an encoder's is not");
        }
        float epsilon = (float) keys.positive("attention.layer_norm_epsilon", 1e-12);
        Tensors tensors = new Tensors(file, compute, form);
        this.words = tensors.matrix("token_embd.weight", tensors.rows("token_embd.weight"), width);
        this.positions = tensors.matrix("position_embd.weight", tensors.rows("position_embd.weight"), width);
        this.types = tensors.matrix("token_types.weight", tensors.rows("token_types.weight"), width);
        if (positions.rows() < firstPosition + contextLength) {
            throw keys.wrong("there are " + positions.rows() + " positions for a context of " + contextLength);
        }
        this.embeddingNorm = LayerNorm.read(tensors, "token_embd_norm", width, epsilon);
        for (int i = 0; i < keys.size("block_count", MAX_BLOCKS); i++) {
            blocks.add(block(tensors, "blk." + i + ".", epsilon));
        }
        this.head = LabelHead.read(tensors, width);
        tensors.refuseLeftovers();
        compute.prepare(tensors.samples());
        this.weights = tensors.totals(words.rows());
        this.attention = new EncoderAttention(heads, width / heads, compute);
    }

    private Block block(Tensors tensors, String name, float epsilon) {
        return new Block(
                Biased.read(tensors, name + "attn_q", width, width),
                Biased.read(tensors, name + "attn_k", width, width),
                Biased.read(tensors, name + "attn_v", width, width),
                Biased.read(tensors, name + "attn_output", width, width),
                LayerNorm.read(tensors, name + "attn_output_norm", width, epsilon),
                Biased.read(tensors, name + "ffn_up", hidden, width),
                Biased.read(tensors, name + "ffn_down", width, hidden),
                LayerNorm.read(tensors, name + "layer_output_norm", width, epsilon));
    }

    @Override
    public float[] states(int[] tokens, int[] tokenTypes) {
        int rows = tokens.length;
        if (rows < 1 || rows > contextLength || tokenTypes.length != rows) {
            throw new IllegalArgumentException(rows + " tokens for a context of " + contextLength);
        }
        float[] state = embedded(tokens, tokenTypes);
        float[] queries = new float[rows * width];
        float[] keys = new float[rows * width];
        float[] values = new float[rows * width];
        float[] mixed = new float[rows * width];
        float[] inner = new float[rows * hidden];
        for (Block block : blocks) {
            compute.multiply(
                    state, rows, block.query.product(queries), block.key.product(keys), block.value.product(values));
            block.query.addBias(compute, rows, queries);
            block.key.addBias(compute, rows, keys);
            block.value.addBias(compute, rows, values);
            attention.attend(queries, keys, values, rows, mixed);
            addProduct(block.output, mixed, rows, queries, state);
            block.attentionNorm.apply(compute, state, rows);

            compute.multiply(state, rows, block.up.product(inner));
            block.up.addBias(compute, rows, inner);
            // An exponential and a division cost some thirty multiplications.
            compute.forEach(rows, 30L * rows * hidden, (from, to) -> Gelu.apply(inner, from * hidden, to * hidden));
            addProduct(block.down, inner, rows, queries, state);
            block.outputNorm.apply(compute, state, rows);
        }
        return state;
    }

    private float[] embedded(int[] tokens, int[] tokenTypes) {
        float[] state = new float[tokens.length * width];
        float[] part = new float[width];
        for (int row = 0; row < tokens.length; row++) {
            int at = row * width;
            StoredFloats.row(words, tokens[row], state, at);
            StoredFloats.row(positions, firstPosition + row, part, 0);
            compute.provider().add(state, at, part, 0, width);
            // RoBERTa has one type for both texts.
            StoredFloats.row(types, Math.min(tokenTypes[row], types.rows() - 1), part, 0);
            compute.provider().add(state, at, part, 0, width);
        }
        embeddingNorm.apply(compute, state, tokens.length);
        return state;
    }

    /** Adds a product to the state. */
    private void addProduct(Biased weight, float[] x, int rows, float[] scratch, float[] state) {
        compute.multiply(x, rows, weight.product(scratch));
        weight.addBias(compute, rows, scratch);
        compute.add(state, scratch, rows * width);
    }

    @Override
    public float[] labels(float[] states) {
        return head.orElseThrow(() -> new IllegalStateException("no head")).labels(compute, states);
    }

    @Override
    public int labelCount() {
        return head.map(LabelHead::count).orElse(0);
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public WeightTotals weights() {
        return weights;
    }

    @Override
    public void close() {
        attention.close();
    }
}
