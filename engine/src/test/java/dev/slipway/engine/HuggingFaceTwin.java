package dev.slipway.engine;

import dev.slipway.model.Metadata;
import dev.slipway.model.OpenModel;
import dev.slipway.model.RopePairing;
import dev.slipway.model.TensorInfo;
import dev.slipway.model.safetensors.SafetensorsWriter;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes a GGUF model of float weights once more, as a Hugging Face folder with the same weights. */
public final class HuggingFaceTwin {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Map<String, String> PARTS = Map.ofEntries(
            Map.entry("attn_norm", "input_layernorm"),
            Map.entry("attn_q", "self_attn.q_proj"),
            Map.entry("attn_k", "self_attn.k_proj"),
            Map.entry("attn_v", "self_attn.v_proj"),
            Map.entry("attn_q_norm", "self_attn.q_norm"),
            Map.entry("attn_k_norm", "self_attn.k_norm"),
            Map.entry("attn_output", "self_attn.o_proj"),
            Map.entry("ffn_norm", "post_attention_layernorm"),
            Map.entry("ffn_gate", "mlp.gate_proj"),
            Map.entry("ffn_up", "mlp.up_proj"),
            Map.entry("ffn_down", "mlp.down_proj"));

    private final OpenModel gguf;
    private final String prefix;

    private HuggingFaceTwin(OpenModel gguf) {
        this.gguf = gguf;
        this.prefix = gguf.architecture() + ".";
    }

    /**
     * Writes {@code config.json} and the weights.
     *
     * @param modelType what the folder calls the architecture
     * @param files how many safetensors files to write; more than one come with an index
     * @param config further keys of the configuration
     */
    public static Path write(Path gguf, Path folder, String modelType, int files, Map<String, Object> config)
            throws IOException {
        Files.createDirectories(folder);
        try (OpenModel model = OpenModel.open(gguf)) {
            HuggingFaceTwin twin = new HuggingFaceTwin(model);
            Map<String, Object> all = new LinkedHashMap<>(twin.config(modelType));
            all.putAll(config);
            Files.writeString(folder.resolve("config.json"), JSON.writeValueAsString(all));
            twin.weights(folder, files);
        }
        return folder;
    }

    private Map<String, Object> config(String modelType) {
        Metadata metadata = gguf.metadata();
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("model_type", modelType);
        config.put("hidden_act", "silu");
        config.put("hidden_size", whole("embedding_length"));
        config.put("num_hidden_layers", whole("block_count"));
        config.put("intermediate_size", whole("feed_forward_length"));
        config.put("num_attention_heads", whole("attention.head_count"));
        config.put("num_key_value_heads", whole("attention.head_count_kv"));
        config.put("head_dim", whole("attention.key_length"));
        config.put("max_position_embeddings", whole("context_length"));
        config.put("vocab_size", gguf.tensor("token_embd.weight").orElseThrow().rows());
        config.put(
                "rms_norm_eps",
                metadata.floating(prefix + "attention.layer_norm_rms_epsilon").orElseThrow());
        config.put("rope_theta", metadata.floating(prefix + "rope.freq_base").orElseThrow());
        config.put("tie_word_embeddings", gguf.tensor("output.weight").isEmpty());
        config.put("sliding_window", null);
        return config;
    }

    private long whole(String key) {
        return gguf.metadata().integer(prefix + key).orElseThrow();
    }

    private void weights(Path folder, int files) throws IOException {
        List<SafetensorsWriter> writers = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            writers.add(SafetensorsWriter.create());
        }
        Map<String, String> map = new LinkedHashMap<>();
        int next = 0;
        for (TensorInfo tensor : gguf.tensors().values()) {
            int file = next++ % files;
            String name = name(tensor.name());
            writers.get(file).tensor(name, tensor.type(), tensor.shape(), bytes(tensor));
            map.put(name, fileName(file, files));
        }
        for (int i = 0; i < files; i++) {
            writers.get(i).writeTo(folder.resolve(fileName(i, files)));
        }
        if (files > 1) {
            Files.writeString(
                    folder.resolve("model.safetensors.index.json"), JSON.writeValueAsString(Map.of("weight_map", map)));
        }
    }

    private static String fileName(int file, int files) {
        return files == 1 ? "model.safetensors" : "model-%05d-of-%05d.safetensors".formatted(file + 1, files);
    }

    private static String name(String name) {
        String[] words = name.split("[.]");
        return switch (words[0]) {
            case "blk" -> "model.layers." + words[1] + "." + PARTS.get(words[2]) + "." + words[3];
            case "token_embd" -> "model.embed_tokens.weight";
            case "output_norm" -> "model.norm.weight";
            case "output" -> "lm_head.weight";
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** The stored bytes, with queries' and keys' rows in the order that belongs to halves. */
    private byte[] bytes(TensorInfo tensor) {
        byte[] bytes = gguf.data(tensor).toArray(ValueLayout.JAVA_BYTE);
        boolean turned = tensor.name().matches("blk[.][0-9]+[.]attn_[qk][.]weight");
        if (!turned || gguf.ropePairing() == RopePairing.HALVES) {
            return bytes;
        }
        int head = (int) whole("attention.key_length");
        int rowBytes = (int) (bytes.length / tensor.rows());
        byte[] ordered = new byte[bytes.length];
        for (int row = 0; row < tensor.rows(); row++) {
            int inHead = row % head;
            int to = row - inHead + inHead / 2 + inHead % 2 * (head / 2);
            System.arraycopy(bytes, row * rowBytes, ordered, to * rowBytes, rowBytes);
        }
        return ordered;
    }
}
