package dev.slipway.engine;

import dev.slipway.engine.kernel.RandomWeights;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** A random model with a byte-level vocabulary, small enough to be written and run in a blink. */
public record TinyModel(String architecture, QuantisationType type, boolean ownOutput, int context, long seed) {
    public static final int WIDTH = 64;
    public static final int BLOCKS = 2;
    public static final int HEADS = 4;
    public static final int KV_HEADS = 2;
    public static final int HEAD_SIZE = 16;
    public static final int HIDDEN = 96;
    public static final int END_OF_TURN = 258;
    public static final int VOCABULARY = 259;

    private static final String TEMPLATE = """
            {%- for message in messages -%}
            <|im_start|>{{ message.role }}
            {{ message.content }}<|im_end|>
            {%- endfor -%}
            {%- if tools %}{{ tools | length }} tools <tool_call>{% endif -%}
            {%- if add_generation_prompt %}<|im_start|>assistant
            {% endif -%}
            """;

    /** A llama in f32 with tied output. */
    public static TinyModel llama() {
        return new TinyModel("llama", QuantisationType.F32, false, 256, 1);
    }

    /** Writes it as {@code model.gguf}. */
    public Path writeTo(Path folder) throws IOException {
        return writeTo(folder, writer -> writer);
    }

    /** Writes it with something added. */
    public Path writeTo(Path folder, UnaryOperator<GgufWriter> addition) throws IOException {
        Path file = folder.resolve("model.gguf");
        addition.apply(writer()).writeTo(file);
        return file;
    }

    private GgufWriter writer() {
        GgufWriter writer =
                GgufWriter.create().text("general.architecture", architecture).text("general.name", "Tiny");
        sizes(writer);
        vocabulary(writer);
        matrix(writer, "token_embd.weight", VOCABULARY, WIDTH, 1);
        vector(writer, "output_norm.weight", WIDTH);
        if (ownOutput) {
            matrix(writer, "output.weight", VOCABULARY, WIDTH, 0.3);
        }
        for (int i = 0; i < BLOCKS; i++) {
            block(writer, "blk." + i + ".");
        }
        return writer;
    }

    /** Whether its rows fill whole blocks of a type. */
    public static boolean holds(QuantisationType type) {
        return WIDTH % type.blockSize() == 0;
    }

    private void sizes(GgufWriter writer) {
        writer.whole(architecture + ".context_length", context)
                .whole(architecture + ".embedding_length", WIDTH)
                .whole(architecture + ".block_count", BLOCKS)
                .whole(architecture + ".feed_forward_length", HIDDEN)
                .whole(architecture + ".attention.head_count", HEADS)
                .whole(architecture + ".attention.head_count_kv", KV_HEADS)
                .whole(architecture + ".attention.key_length", headSize())
                .whole(architecture + ".attention.value_length", headSize())
                .real(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f)
                .real(architecture + ".rope.freq_base", 500f);
    }

    /** The size of one head, which for some architectures is not the width shared out. */
    public int headSize() {
        return architecture.equals("qwen3") ? HEAD_SIZE + 8 : HEAD_SIZE;
    }

    private void block(GgufWriter writer, String name) {
        int kv = KV_HEADS * headSize();
        int queries = HEADS * headSize();
        vector(writer, name + "attn_norm.weight", WIDTH);
        matrix(writer, name + "attn_q.weight", queries, WIDTH, 0.2);
        matrix(writer, name + "attn_k.weight", kv, WIDTH, 0.2);
        matrix(writer, name + "attn_v.weight", kv, WIDTH, 0.2);
        if (architecture.equals("qwen2")) {
            vector(writer, name + "attn_q.bias", queries);
            vector(writer, name + "attn_k.bias", kv);
            vector(writer, name + "attn_v.bias", kv);
        }
        if (architecture.equals("qwen3")) {
            vector(writer, name + "attn_q_norm.weight", headSize());
            vector(writer, name + "attn_k_norm.weight", headSize());
        }
        matrix(writer, name + "attn_output.weight", WIDTH, queries, 0.2);
        vector(writer, name + "ffn_norm.weight", WIDTH);
        matrix(writer, name + "ffn_gate.weight", HIDDEN, WIDTH, 0.2);
        matrix(writer, name + "ffn_up.weight", HIDDEN, WIDTH, 0.2);
        matrix(writer, name + "ffn_down.weight", WIDTH, HIDDEN, 0.2);
    }

    private void matrix(GgufWriter writer, String name, int rows, int columns, double spread) {
        float[] values = RandomWeights.floats(rows * columns, spread, seed * 31 + name.hashCode());
        writer.tensor(name, type, List.of((long) columns, (long) rows), RandomWeights.stored(type, values));
    }

    private void vector(GgufWriter writer, String name, int length) {
        float[] values = RandomWeights.floats(length, 0.3, seed * 31 + name.hashCode());
        for (int i = 0; i < length && name.contains("norm"); i++) {
            values[i] += 1;
        }
        writer.tensor(
                name, QuantisationType.F32, List.of((long) length), RandomWeights.stored(QuantisationType.F32, values));
    }

    private static void vocabulary(GgufWriter writer) {
        List<String> tokens = new ArrayList<>();
        int moved = 0;
        for (int b = 0; b < 256; b++) {
            boolean shown = (b > 32 && b < 127) || (b > 160 && b != 173);
            tokens.add(String.valueOf((char) (shown ? b : 256 + moved++)));
        }
        tokens.addAll(List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>"));
        int[] kinds = new int[VOCABULARY];
        for (int i = 0; i < VOCABULARY; i++) {
            kinds[i] = i < 256 ? 1 : 3;
        }
        writer.text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "gpt-2")
                .texts("tokenizer.ggml.tokens", tokens)
                .wholes("tokenizer.ggml.token_type", kinds)
                .texts("tokenizer.ggml.merges", List.of("a b"))
                .whole("tokenizer.ggml.bos_token_id", 256)
                .whole("tokenizer.ggml.eos_token_id", END_OF_TURN)
                .truth("tokenizer.ggml.add_bos_token", false)
                .text("tokenizer.chat_template", TEMPLATE);
    }
}
