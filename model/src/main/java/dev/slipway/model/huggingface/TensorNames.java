package dev.slipway.model.huggingface;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The names of tensors in Hugging Face's decoders → the names that GGUF gives them. The one place that knows both. */
final class TensorNames {
    /** Some files leave out the name of the module around the decoder. */
    private static final String MODULE = "model.";

    private static final Pattern LAYER = Pattern.compile("layers[.]([0-9]{1,5})[.](.+)[.](weight|bias)");

    private static final Map<String, String> OUTSIDE = Map.of(
            "embed_tokens.weight", "token_embd.weight",
            "norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");

    private static final Map<String, String> IN_LAYER = Map.ofEntries(
            Map.entry("input_layernorm", "attn_norm"),
            Map.entry("self_attn.q_proj", "attn_q"),
            Map.entry("self_attn.k_proj", "attn_k"),
            Map.entry("self_attn.v_proj", "attn_v"),
            Map.entry("self_attn.q_norm", "attn_q_norm"),
            Map.entry("self_attn.k_norm", "attn_k_norm"),
            Map.entry("self_attn.o_proj", "attn_output"),
            Map.entry("post_attention_layernorm", "ffn_norm"),
            Map.entry("mlp.gate_proj", "ffn_gate"),
            Map.entry("mlp.up_proj", "ffn_up"),
            Map.entry("mlp.down_proj", "ffn_down"));

    private static final Pattern BLOCK = Pattern.compile("blk[.]([0-9]+)[.]([a-z_]+)[.](weight|bias)");

    private TensorNames() {}

    /** What Hugging Face calls the tensor that GGUF calls so; the name itself where nothing is known of it. */
    static String stored(String name) {
        for (Map.Entry<String, String> entry : OUTSIDE.entrySet()) {
            if (entry.getValue().equals(name)) {
                return name.equals("output.weight") ? entry.getKey() : MODULE + entry.getKey();
            }
        }
        Matcher block = BLOCK.matcher(name);
        if (block.matches()) {
            for (Map.Entry<String, String> entry : IN_LAYER.entrySet()) {
                if (entry.getValue().equals(block.group(2))) {
                    return MODULE + "layers." + block.group(1) + "." + entry.getKey() + "." + block.group(3);
                }
            }
        }
        return name;
    }

    /**
     * The GGUF name; the name itself where nothing is known of it; empty for a tensor that carries no weights, such as
     * the precomputed frequencies that old files store.
     */
    static Optional<String> translate(String stored) {
        String name = stored.startsWith(MODULE) ? stored.substring(MODULE.length()) : stored;
        if (name.endsWith("rotary_emb.inv_freq")) {
            return Optional.empty();
        }
        String outside = OUTSIDE.get(name);
        if (outside != null) {
            return Optional.of(outside);
        }
        Matcher layer = LAYER.matcher(name);
        if (layer.matches()) {
            String part = IN_LAYER.get(layer.group(2));
            if (part != null) {
                return Optional.of("blk." + layer.group(1) + "." + part + "." + layer.group(3));
            }
        }
        return Optional.of(stored);
    }
}
