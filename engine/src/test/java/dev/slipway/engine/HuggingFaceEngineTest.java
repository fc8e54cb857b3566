package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.Metadata;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** A Hugging Face folder, tokenizer and chat template included, does what the GGUF file of the same model does. */
class HuggingFaceEngineTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    Path folder;

    @Test
    void tokenizesRendersAndEmbedsAlike() throws IOException {
        Path gguf = new TinyModel("qwen2", QuantisationType.BF16, false, 256, 6).writeTo(folder);
        Path twin = HuggingFaceTwin.write(gguf, folder.resolve("twin"), "qwen2", 1, Map.of("eos_token_id", 258));
        writeTokenizer(gguf, twin);
        Prompt.Chat chat = new Prompt.Chat(List.of(Prompt.Message.of("user", "Good day")), List.of(), Map.of());
        try (TextEngine file = TextEngines.open(gguf, EngineOptions.DEFAULT);
                TextEngine other = TextEngines.open(twin, EngineOptions.DEFAULT)) {
            String text = "Grüße aus ab, 42 times; \n\n then some.";
            assertThat(other.tokenize(text)).isEqualTo(file.tokenize(text)).hasSizeGreaterThan(20);
            assertThat(other.render(chat)).isEqualTo(file.render(chat)).contains("Good day");
            assertThat(other.embed(text).values()).isEqualTo(file.embed(text).values());
            assertThat(other.model().contextLength()).isEqualTo(file.model().contextLength());
        }
    }

    private static void writeTokenizer(Path gguf, Path twin) throws IOException {
        try (OpenModel model = OpenModel.open(gguf)) {
            Metadata metadata = model.metadata();
            List<String> tokens = metadata.strings("tokenizer.ggml.tokens").orElseThrow();
            Map<String, Integer> vocabulary = new LinkedHashMap<>();
            List<Map<String, Object>> added = new ArrayList<>();
            for (int id = 0; id < tokens.size(); id++) {
                if (id < 256) {
                    vocabulary.put(tokens.get(id), id);
                } else {
                    added.add(Map.of("id", id, "content", tokens.get(id), "special", true));
                }
            }
            Map<String, Object> bytes = Map.of("type", "ByteLevel", "add_prefix_space", false, "use_regex", true);
            Map<String, Object> document = Map.of(
                    "version",
                    "1.0",
                    "added_tokens",
                    added,
                    "pre_tokenizer",
                    bytes,
                    "decoder",
                    bytes,
                    "model",
                    Map.of("type", "BPE", "vocab", vocabulary, "merges", List.of()));
            Files.writeString(twin.resolve("tokenizer.json"), JSON.writeValueAsString(document));
            Files.writeString(
                    twin.resolve("tokenizer_config.json"),
                    JSON.writeValueAsString(Map.of(
                            "eos_token",
                            "<|im_end|>",
                            "chat_template",
                            model.chatTemplate().orElseThrow())));
        }
    }
}
