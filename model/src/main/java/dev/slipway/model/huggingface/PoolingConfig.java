package dev.slipway.model.huggingface;

import dev.slipway.model.Metadata.Value;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * How a folder of the library Sentence Transformers says to make one vector of many: {@code 1_Pooling/config.json}, told in
 * GGUF's numbers.
 *
 * @see <a href="https://arxiv.org/abs/1908.10084">Reimers and Gurevych, Sentence-BERT</a>
 */
final class PoolingConfig {
    private static final int MAX_BYTES = 1 << 20;
    private static final String MODE = "pooling_mode_";

    private static final Map<String, Integer> GGUF_NUMBERS = new LinkedHashMap<>();

    static {
        GGUF_NUMBERS.put("mean_tokens", 1);
        GGUF_NUMBERS.put("cls_token", 2);
        GGUF_NUMBERS.put("lasttoken", 3);
    }

    private PoolingConfig() {}

    /** Looks beside the model's own {@code config.json}. */
    static void translate(ConfigValues in, Path modelConfig) {
        Path file = modelConfig.resolveSibling("1_Pooling").resolve("config.json");
        Optional<JsonNode> config = JsonDocument.read(file, MAX_BYTES);
        if (config.isEmpty()) {
            return;
        }
        for (Map.Entry<String, JsonNode> entry : config.get().properties()) {
            if (!entry.getKey().startsWith(MODE) || !entry.getValue().asBoolean(false)) {
                continue;
            }
            Integer number = GGUF_NUMBERS.get(entry.getKey().substring(MODE.length()));
            if (number == null) {
                throw in.unsupported(
                        "its 1_Pooling/config.json asks for '" + entry.getKey() + "'",
                        "Use a model that pools by mean, by the first or by the last token.");
            }
            in.put("pooling_type", new Value.Whole(number), entry.getKey());
        }
    }
}
