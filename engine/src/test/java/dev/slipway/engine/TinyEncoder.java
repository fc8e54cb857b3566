package dev.slipway.engine;

import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.RandomWeights;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import dev.slipway.model.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** A small encoder of BERT's family with random weights, to be written in both formats. */
public final class TinyEncoder {
    public static final int WIDTH = 64;
    public static final int HIDDEN = 96;
    public static final int HEADS = 4;
    public static final int BLOCKS = 2;
    public static final int CONTEXT = 160;
    public static final double EPSILON = 1e-12;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** How a tensor is called in a Hugging Face folder, its extents, innermost first, and its values. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Tensor(String stored, List<Long> shape, float[] values) {}

    private final List<String> vocabulary = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"));
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final int firstPosition;
    private long seed = 1;

    /**
     * An encoder.
     *
     * @param labels scores that its head gives; 0 for none
     * @param firstPosition the number of the first position: 0 in BERT, 2 in RoBERTa
     */
    public TinyEncoder(int labels, int firstPosition) {
        this.firstPosition = firstPosition;
        for (char letter = 'a'; letter <= 'z'; letter++) {
            vocabulary.add("" + letter);
            vocabulary.add("##" + letter);
        }
        vocabulary.addAll(List.of("the", "cat", "dog", "house", ".", "?"));
        add("token_embd.weight", "embeddings.word_embeddings.weight", WIDTH, vocabulary.size());
        add("position_embd.weight", "embeddings.position_embeddings.weight", WIDTH, CONTEXT + firstPosition);
        add("token_types.weight", "embeddings.token_type_embeddings.weight", WIDTH, 2);
        addNorm("token_embd_norm", "embeddings.LayerNorm");
        for (int i = 0; i < BLOCKS; i++) {
            String name = "blk." + i + ".";
            String stored = "encoder.layer." + i + ".";
            addDense(name + "attn_q", stored + "attention.self.query", WIDTH, WIDTH);
            addDense(name + "attn_k", stored + "attention.self.key", WIDTH, WIDTH);
            addDense(name + "attn_v", stored + "attention.self.value", WIDTH, WIDTH);
            addDense(name + "attn_output", stored + "attention.output.dense", WIDTH, WIDTH);
            addNorm(name + "attn_output_norm", stored + "attention.output.LayerNorm");
            addDense(name + "ffn_up", stored + "intermediate.dense", WIDTH, HIDDEN);
            addDense(name + "ffn_down", stored + "output.dense", HIDDEN, WIDTH);
            addNorm(name + "layer_output_norm", stored + "output.LayerNorm");
        }
        if (labels > 0) {
            addDense("cls", "pooler.dense", WIDTH, WIDTH);
            addDense("cls.output", "classifier", WIDTH, labels);
        }
    }

    private void add(String name, String stored, long columns, long rows) {
        float[] values = RandomWeights.floats((int) (rows * columns), 0.4, seed++);
        tensors.put(name, new Tensor(stored, List.of(columns, rows), values));
    }

    private void addVector(String name, String stored, int length, float centre) {
        float[] values = RandomWeights.floats(length, 0.2, seed++);
        for (int i = 0; i < length; i++) {
            values[i] += centre;
        }
        tensors.put(name, new Tensor(stored, List.of((long) length), values));
    }

    private void addDense(String name, String stored, int columns, int rows) {
        add(name + ".weight", stored + ".weight", columns, rows);
        addVector(name + ".bias", stored + ".bias", rows, 0);
    }

    private void addNorm(String name, String stored) {
        addVector(name + ".weight", stored + ".weight", WIDTH, 1);
        addVector(name + ".bias", stored + ".bias", WIDTH, 0);
    }

    /** The values of a tensor. */
    public float[] values(String name) {
        return tensors.get(name).values;
    }

    /** Replaces the values of all matrices by what they become when they are stored in a type. */
    public void roundTo(QuantisationType type) {
        for (Tensor tensor : tensors.values()) {
            if (tensor.shape.size() == 2) {
                int columns = tensor.shape.getFirst().intValue();
                byte[] stored = RandomWeights.stored(type, tensor.values);
                Matrix matrix = new Matrix(
                        tensor.stored, type, tensor.values.length / columns, columns, MemorySegment.ofArray(stored));
                for (int row = 0; row < matrix.rows(); row++) {
                    StoredFloats.row(matrix, row, tensor.values, row * columns);
                }
            }
        }
    }

    /** Writes a GGUF file; matrices in a type of choice. */
    public Path writeGguf(Path file, QuantisationType type, int pooling) throws IOException {
        GgufWriter writer = GgufWriter.create()
                .text("general.architecture", "bert")
                .text("general.name", "Tiny Encoder")
                .whole("bert.context_length", CONTEXT)
                .whole("bert.embedding_length", WIDTH)
                .whole("bert.feed_forward_length", HIDDEN)
                .whole("bert.block_count", BLOCKS)
                .whole("bert.attention.head_count", HEADS)
                .real("bert.attention.layer_norm_epsilon", (float) EPSILON)
                .truth("bert.attention.causal", false)
                .whole("bert.pooling_type", pooling)
                .text("tokenizer.ggml.model", "bert")
                .texts(
                        "tokenizer.ggml.tokens",
                        vocabulary.stream().map(TinyEncoder::ggufForm).toList())
                .whole("tokenizer.ggml.cls_token_id", 2)
                .whole("tokenizer.ggml.seperator_token_id", 3)
                .whole("tokenizer.ggml.unknown_token_id", 1)
                .whole("tokenizer.ggml.padding_token_id", 0);
        tensors.forEach((name, tensor) -> {
            QuantisationType own = tensor.shape.size() == 1 ? QuantisationType.F32 : type;
            writer.tensor(name, own, tensor.shape, RandomWeights.stored(own, tensor.values));
        });
        writer.writeTo(file);
        return file;
    }

    private static String ggufForm(String token) {
        if (token.startsWith("[")) {
            return token;
        }
        return token.startsWith("##") ? token.substring(2) : "▁" + token;
    }

    /** Writes a folder as the library Sentence Transformers does. */
    public Path writeFolder(Path folder, String modelType, String poolingMode) throws IOException {
        Files.createDirectories(folder.resolve("1_Pooling"));
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", modelType);
        config.put("hidden_act", "gelu");
        config.put("hidden_size", WIDTH);
        config.put("num_hidden_layers", BLOCKS);
        config.put("intermediate_size", HIDDEN);
        config.put("num_attention_heads", HEADS);
        config.put("layer_norm_eps", EPSILON);
        config.put("max_position_embeddings", CONTEXT + firstPosition);
        config.put("pad_token_id", Math.max(0, firstPosition - 1));
        Files.writeString(folder.resolve("config.json"), JSON.writeValueAsString(config));
        Files.writeString(
                folder.resolve("1_Pooling/config.json"),
                JSON.writeValueAsString(Map.of("word_embedding_dimension", WIDTH, poolingMode, true)));
        Files.writeString(folder.resolve("tokenizer.json"), JSON.writeValueAsString(tokenizer()));
        SafetensorsWriter writer = SafetensorsWriter.create();
        tensors.values()
                .forEach(tensor -> writer.tensor(
                        tensor.stored,
                        QuantisationType.F32,
                        tensor.shape,
                        RandomWeights.stored(QuantisationType.F32, tensor.values)));
        writer.writeTo(folder.resolve("model.safetensors"));
        return folder;
    }

    private Map<String, Object> tokenizer() {
        Map<String, Integer> ids = new LinkedHashMap<>();
        vocabulary.forEach(token -> ids.put(token, ids.size()));
        List<Map<String, Object>> added = new ArrayList<>();
        for (int id = 0; id < 4; id++) {
            added.add(Map.of("id", id, "content", vocabulary.get(id), "special", true));
        }
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("version", "1.0");
        json.put("added_tokens", added);
        json.put("normalizer", Map.of("type", "BertNormalizer", "clean_text", true, "lowercase", true));
        json.put("pre_tokenizer", Map.of("type", "BertPreTokenizer"));
        json.put(
                "post_processor",
                Map.of("type", "BertProcessing", "sep", List.of("[SEP]", 3), "cls", List.of("[CLS]", 2)));
        json.put("decoder", Map.of("type", "WordPiece", "prefix", "##", "cleanup", true));
        json.put(
                "model",
                Map.of(
                        "type",
                        "WordPiece",
                        "unk_token",
                        "[UNK]",
                        "continuing_subword_prefix",
                        "##",
                        "max_input_chars_per_word",
                        100,
                        "vocab",
                        ids));
        return json;
    }
}
