package dev.slipway.model.huggingface;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of tensors in Hugging Face's encoders of the BERT family → the names that GGUF gives them. */
final class EncoderNames {
    private static final Pattern MODULE = Pattern.compile("(?:bert|roberta)[.]");
    private static final Pattern LAYER = Pattern.compile("encoder[.]layer[.]([0-9]{1,5})[.](.+)[.](weight|bias)");
    private static final Pattern BLOCK = Pattern.compile("blk[.]([0-9]+)[.]([a-z_]+)[.](weight|bias)");

    private static final Map<String, String> OUTSIDE = Map.ofEntries(
            Map.entry("embeddings.word_embeddings.weight", "token_embd.weight"),
            Map.entry("embeddings.position_embeddings.weight", "position_embd.weight"),
            Map.entry("embeddings.token_type_embeddings.weight", "token_types.weight"),
            Map.entry("embeddings.LayerNorm.weight", "token_embd_norm.weight"),
            Map.entry("embeddings.LayerNorm.bias", "token_embd_norm.bias"),
            Map.entry("pooler.dense.weight", "cls.weight"),
            Map.entry("pooler.dense.bias", "cls.bias"),
            Map.entry("classifier.weight", "cls.output.weight"),
            Map.entry("classifier.bias", "cls.output.bias"),
            Map.entry("classifier.dense.weight", "cls.weight"),
            Map.entry("classifier.dense.bias", "cls.bias"),
            Map.entry("classifier.out_proj.weight", "cls.output.weight"),
            Map.entry("classifier.out_proj.bias", "cls.output.bias"));

    private static final Map<String, String> IN_LAYER = Map.of(
            "attention.self.query", "attn_q",
            "attention.self.key", "attn_k",
            "attention.self.value", "attn_v",
            "attention.output.dense", "attn_output",
            "attention.output.LayerNorm", "attn_output_norm",
            "intermediate.dense", "ffn_up",
            "output.dense", "ffn_down",
            "output.LayerNorm", "layer_output_norm");

    private EncoderNames() {}

    /** What Hugging Face calls the tensor that GGUF calls so; the name itself where nothing is known of it. */
    static String stored(String name) {
        for (Map.Entry<String, String> entry : OUTSIDE.entrySet()) {
            if (entry.getValue().equals(name) && !entry.getKey().startsWith("classifier.")) {
                return entry.getKey();
            }
        }
        Matcher block = BLOCK.matcher(name);
        if (block.matches()) {
            for (Map.Entry<String, String> entry : IN_LAYER.entrySet()) {
                if (entry.getValue().equals(block.group(2))) {
                    return "encoder.layer." + block.group(1) + "." + entry.getKey() + "." + block.group(3);
                }
            }
        }
        return name;
    }

    /** The GGUF name; the name itself where nothing is known of it; empty for what only training needs. */
    static Optional<String> translate(String stored) {
        Matcher module = MODULE.matcher(stored);
        String name = module.lookingAt() ? stored.substring(module.end()) : stored;
        if (name.equals("embeddings.position_ids") || name.startsWith("cls.") || name.startsWith("lm_head.")) {
            return Optional.empty();
        }
        String outside = OUTSIDE.get(name);
        if (outside != null) {
            return Optional.of(outside);
        }
        Matcher layer = LAYER.matcher(name);
        if (layer.matches() && IN_LAYER.containsKey(layer.group(2))) {
            return Optional.of("blk." + layer.group(1) + "." + IN_LAYER.get(layer.group(2)) + "." + layer.group(3));
        }
        return Optional.of(stored);
    }
}
