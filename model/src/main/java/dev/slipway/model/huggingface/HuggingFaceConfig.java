package dev.slipway.model.huggingface;

import dev.slipway.model.Metadata;
import dev.slipway.model.Metadata.Value;
import dev.slipway.model.ModelException;
import dev.slipway.model.StoredTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * {@code config.json}, told in GGUF's keys.
 *
 * @param metadata what it says
 * @param tiedOutput whether the embedding is the output matrix as well
 * @param vocabularySize rows of the embedding
 */
record HuggingFaceConfig(Metadata metadata, boolean tiedOutput, long vocabularySize) {
    private static final int MAX_BYTES = 4 << 20;

    /** Those whose tensors {@link TensorNames} knows; their keys are the same as well. */
    private static final Set<String> DECODERS = Set.of("llama", "mistral", "qwen2", "qwen3");

    static HuggingFaceConfig read(Path file) {
        JsonNode config =
                JsonDocument.read(file, MAX_BYTES).orElseThrow(() -> ModelException.corrupt(file, "it has gone"));
        ConfigValues any = new ConfigValues(file, config, "");
        String type = any.text(config, "model_type").orElseThrow(() -> any.missing("model_type"));
        Map<String, Value> values = new LinkedHashMap<>();
        values.put("general.architecture", new Value.Text(type));
        if (EncoderConfig.isOne(type)) {
            ConfigValues in = new ConfigValues(file, config, EncoderConfig.ARCHITECTURE + ".");
            EncoderConfig.translate(in, config, type);
            PoolingConfig.translate(in, file);
            values.put("general.architecture", new Value.Text(EncoderConfig.ARCHITECTURE));
            values.putAll(in.values());
            return new HuggingFaceConfig(new Metadata(file.toString(), values, in.storedKeys()), false, 0);
        }
        if (!DECODERS.contains(type)) {
            // Whether it can be run is not for this to say; what its keys mean is not known here.
            return new HuggingFaceConfig(new Metadata(file.toString(), values), false, 0);
        }
        ConfigValues in = new ConfigValues(file, config, type + ".");
        refuseOtherForms(in, config);
        sizes(in, config, type);
        RopeParameters.translate(in, config);
        SlidingWindow.translate(in, config, type);
        PoolingConfig.translate(in, file);
        values.putAll(in.values());
        long vocabulary = in.whole(config, "vocab_size").orElseThrow(() -> in.missing("vocab_size"));
        return new HuggingFaceConfig(
                new Metadata(file.toString(), values, in.storedKeys()),
                in.truth("tie_word_embeddings", false),
                vocabulary);
    }

    private static void sizes(ConfigValues in, JsonNode config, String type) {
        in.require("context_length", "max_position_embeddings");
        in.require("embedding_length", "hidden_size");
        in.require("block_count", "num_hidden_layers");
        in.require("feed_forward_length", "intermediate_size");
        in.require("attention.head_count", "num_attention_heads");
        in.take("attention.head_count_kv", "num_key_value_heads");
        in.take("attention.key_length", "head_dim");
        if (type.equals("qwen3") && in.whole(config, "head_dim").isEmpty()) {
            // The value that the family's own code takes where the file is silent.
            in.put("attention.key_length", new Value.Whole(128), "head_dim");
        }
        in.put(
                "attention.layer_norm_rms_epsilon",
                new Value.Real(in.real(config, "rms_norm_eps").orElse(1e-6)),
                "rms_norm_eps");
    }

    /** Refuses by name what would change the calculation and is not part of these networks. */
    private static void refuseOtherForms(ConfigValues in, JsonNode config) {
        in.object("quantization_config").ifPresent(found -> {
            String method = in.text(found, "quant_method").orElse("an unnamed method");
            throw in.unsupported(
                    "its weights are quantised by '" + method + "'",
                    "Use the model's F16 or BF16 files, with the option quantization if it shall be smaller, or a GGUF.");
        });
        String activation = in.text(config, "hidden_act").orElse("silu");
        if (!activation.equals("silu") && !activation.equals("swish")) {
            throw in.unsupported("its 'hidden_act' is '" + activation + "'", "Use a model with silu.");
        }
        double turned = in.real(config, "partial_rotary_factor").orElse(1);
        if (turned != 1) {
            throw in.unsupported(
                    "its 'partial_rotary_factor' is " + turned, "Use a model that turns whole heads, or a GGUF file.");
        }
        JsonNode heads = config.path("architectures").path(0);
        if (heads.isString() && !heads.stringValue().matches(".*(ForCausalLM|Model)")) {
            throw in.unsupported(
                    "it is a '" + heads.stringValue() + "', which does not write text", "Use a …ForCausalLM model.");
        }
    }

    boolean encoder() {
        return metadata.string("general.architecture").orElse("").equals(EncoderConfig.ARCHITECTURE);
    }

    /** What only the configuration says of tensors. */
    void check(Path folder, Map<String, StoredTensor> tensors) {
        if (vocabularySize == 0) {
            return;
        }
        StoredTensor embedding = tensors.get("token_embd.weight");
        if (embedding != null && embedding.info().rows() != vocabularySize) {
            throw ModelException.corrupt(
                    folder,
                    "the tensor '" + embedding.info().name() + "' has "
                            + embedding.info().rows() + " rows, expected the " + vocabularySize
                            + " that 'vocab_size' of config.json says");
        }
        if (!tiedOutput && !tensors.containsKey("output.weight")) {
            throw ModelException.corrupt(
                    folder,
                    "the tensor 'lm_head.weight' is missing, and 'tie_word_embeddings' of config.json is not true");
        }
    }
}
