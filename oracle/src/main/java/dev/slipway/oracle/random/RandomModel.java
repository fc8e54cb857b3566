package dev.slipway.oracle.random;

import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A model of random weights. The same seed gives the same bytes. Spreads are those that keep states, scores and logits in the range of
 * trained models: queries and keys of unit spread, residual branches that add up to a few units, logits of some three units.
 */
public record RandomModel(Geometry geometry, TypeMix types, long seed) {
    /** All types that the engine runs. */
    public static final List<QuantisationType> TYPES = List.of(
            QuantisationType.F32,
            QuantisationType.F16,
            QuantisationType.BF16,
            QuantisationType.Q4_0,
            QuantisationType.Q4_1,
            QuantisationType.Q5_0,
            QuantisationType.Q5_1,
            QuantisationType.Q8_0,
            QuantisationType.Q2_K,
            QuantisationType.Q3_K,
            QuantisationType.Q4_K,
            QuantisationType.Q5_K,
            QuantisationType.Q6_K,
            QuantisationType.IQ4_NL,
            QuantisationType.IQ4_XS,
            QuantisationType.MXFP4);

    private static final double EMBEDDING_SPREAD = 3;
    private static final double BIAS_SPREAD = 0.2;

    /** Writes it into a folder under a name of its own; a file that is there already is kept. */
    public Path writeTo(Path folder) throws IOException {
        Path file = folder.resolve("random-%s-%dx%d-%s-%d.gguf"
                .formatted(geometry.architecture(), geometry.width(), geometry.blocks(), types.label(), seed));
        return Files.exists(file) ? file : writeTo(file, writer -> writer);
    }

    /** Writes it to a file with something added. */
    public Path writeTo(Path file, UnaryOperator<GgufWriter> addition) throws IOException {
        Path unfinished = file.resolveSibling(file.getFileName() + ".unfinished");
        addition.apply(writer()).writeTo(unfinished);
        return Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Everything, not yet written. */
    public GgufWriter writer() {
        Geometry g = geometry;
        GgufWriter writer = GgufWriter.create()
                .text("general.architecture", g.architecture())
                .text("general.name", "Random " + g.architecture());
        sizes(writer);
        ToyTokenizer.write(writer, g.vocabulary(), g.architecture().equals("llama") ? "llama-bpe" : "qwen2");
        double spread = EMBEDDING_SPREAD / Math.sqrt(g.width());
        matrix(writer, "token_embd.weight", types.output(g.width()), g.vocabulary(), g.width(), spread);
        vector(writer, "output_norm.weight", g.width(), 1, BIAS_SPREAD);
        if (!g.tied()) {
            matrix(writer, "output.weight", types.output(g.width()), g.vocabulary(), g.width(), spread);
        }
        for (int block = 0; block < g.blocks(); block++) {
            block(writer, block);
        }
        return writer;
    }

    private void sizes(GgufWriter writer) {
        Geometry g = geometry;
        String prefix = g.architecture() + ".";
        writer.whole(prefix + "context_length", g.context())
                .whole(prefix + "embedding_length", g.width())
                .whole(prefix + "block_count", g.blocks())
                .whole(prefix + "feed_forward_length", g.hidden())
                .whole(prefix + "attention.head_count", g.heads())
                .whole(prefix + "attention.head_count_kv", g.kvHeads())
                .whole(prefix + "attention.key_length", g.headSize())
                .whole(prefix + "attention.value_length", g.headSize())
                .whole(prefix + "rope.dimension_count", g.headSize())
                .real(prefix + "attention.layer_norm_rms_epsilon", (float) g.epsilon())
                .real(prefix + "rope.freq_base", (float) g.ropeBase());
    }

    private void block(GgufWriter writer, int block) {
        Geometry g = geometry;
        String name = "blk." + block + ".";
        int queries = g.heads() * g.headSize();
        int kv = g.kvHeads() * g.headSize();
        vector(writer, name + "attn_norm.weight", g.width(), 1, BIAS_SPREAD);
        inner(writer, block, "attn_q", queries, g.width());
        inner(writer, block, "attn_k", kv, g.width());
        inner(writer, block, "attn_v", kv, g.width());
        inner(writer, block, "attn_output", g.width(), queries);
        if (g.biases()) {
            vector(writer, name + "attn_q.bias", queries, 0, BIAS_SPREAD);
            vector(writer, name + "attn_k.bias", kv, 0, BIAS_SPREAD);
            vector(writer, name + "attn_v.bias", kv, 0, BIAS_SPREAD);
        }
        if (g.headNorms()) {
            vector(writer, name + "attn_q_norm.weight", g.headSize(), 1, BIAS_SPREAD);
            vector(writer, name + "attn_k_norm.weight", g.headSize(), 1, BIAS_SPREAD);
        }
        vector(writer, name + "ffn_norm.weight", g.width(), 1, BIAS_SPREAD);
        inner(writer, block, "ffn_gate", g.hidden(), g.width());
        inner(writer, block, "ffn_up", g.hidden(), g.width());
        inner(writer, block, "ffn_down", g.width(), g.hidden());
    }

    private void inner(GgufWriter writer, int block, String name, int rows, int columns) {
        QuantisationType type = types.inner(name, block, geometry.blocks(), columns);
        matrix(writer, "blk." + block + "." + name + ".weight", type, rows, columns, 1 / Math.sqrt(columns));
    }

    private void matrix(GgufWriter writer, String name, QuantisationType type, int rows, int columns, double spread) {
        writer.tensor(
                name,
                type,
                List.of((long) columns, (long) rows),
                new RandomBlocks(type, (long) rows * columns, spread, seedOf(name)));
    }

    private void vector(GgufWriter writer, String name, int length, double middle, double spread) {
        writer.tensor(
                name,
                QuantisationType.F32,
                List.of((long) length),
                RandomFloats.around(middle, spread, length, seedOf(name)));
    }

    private long seedOf(String name) {
        return seed * 0x9E37_79B9_7F4A_7C15L + name.hashCode();
    }
}
