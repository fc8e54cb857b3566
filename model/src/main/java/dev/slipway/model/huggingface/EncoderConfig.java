package dev.slipway.model.huggingface;

import dev.slipway.model.Metadata.Value;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * {@code config.json} of an encoder of the BERT family, told in GGUF's keys, where all of them are {@code bert}.
 *
 * @see <a href="https://arxiv.org/abs/1810.04805">Devlin et al., BERT</a>
 * @see <a href="https://arxiv.org/abs/1907.11692">Liu et al., RoBERTa</a>
 */
final class EncoderConfig {
    static final String ARCHITECTURE = "bert";

    private static final Set<String> ROBERTA = Set.of("roberta", "xlm-roberta", "camembert");

    private EncoderConfig() {}

    static boolean isOne(String type) {
        return type.equals(ARCHITECTURE) || ROBERTA.contains(type);
    }

    static void translate(ConfigValues in, JsonNode config, String type) {
        refuseOtherForms(in, config);
        in.require("embedding_length", "hidden_size");
        in.require("block_count", "num_hidden_layers");
        in.require("feed_forward_length", "intermediate_size");
        in.require("attention.head_count", "num_attention_heads");
        in.put(
                "attention.layer_norm_epsilon",
                new Value.Real(in.real(config, "layer_norm_eps").orElse(1e-12)),
                "layer_norm_eps");
        long positions =
                in.whole(config, "max_position_embeddings").orElseThrow(() -> in.missing("max_position_embeddings"));
        // RoBERTa counts positions from behind the number of its padding token.
        long first = ROBERTA.contains(type) ? in.whole(config, "pad_token_id").orElse(1) + 1 : 0;
        in.put("position_offset", new Value.Whole(first), "pad_token_id");
        in.put("context_length", new Value.Whole(positions - first), "max_position_embeddings");
    }

    private static void refuseOtherForms(ConfigValues in, JsonNode config) {
        String activation = in.text(config, "hidden_act").orElse("gelu");
        if (!activation.equals("gelu")) {
            throw in.unsupported("its 'hidden_act' is '" + activation + "'", "Use a model with gelu.");
        }
        String positions = in.text(config, "position_embedding_type").orElse("absolute");
        if (!positions.equals("absolute")) {
            throw in.unsupported(
                    "its 'position_embedding_type' is '" + positions + "'", "Use a model with absolute positions.");
        }
        if (in.truth("is_decoder", false)) {
            throw in.unsupported("its 'is_decoder' is true", "Use an encoder.");
        }
    }
}
