package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.engine.kernel.KernelProviders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The whole engine on the model of this repository. */
class DemoModelTest {
    private static final List<String> QUESTIONS = List.of("What is Slipway?", "What is the weather like in Reykjavík?");

    private static Path file() {
        Path file = Path.of(System.getProperty("slipway.demo-model", "../demo-model/slipway-demo.gguf"));
        if (!Files.exists(file)) {
            System.out.println("skipped: there is no demo model at " + file.toAbsolutePath());
        }
        assumeTrue(Files.exists(file), "the demo model is there");
        return file;
    }

    private static TextRequest greedy(Prompt prompt, int tokens) {
        return new TextRequest(prompt, SamplingOptions.GREEDY, OptionalInt.of(tokens), List.of(), false);
    }

    private static String answers(String provider) {
        List<String> texts = new ArrayList<>();
        try (TextEngine engine = TextEngines.open(file(), EngineOptions.DEFAULT.withProvider(provider))) {
            for (String question : QUESTIONS) {
                var chat = new Prompt.Chat(List.of(Prompt.Message.of("user", question)), List.of(), Map.of());
                texts.add(Answers.of(engine, greedy(chat, 48)).text());
            }
            texts.add(Answers.of(engine, greedy(new Prompt.Raw("Once upon a time"), 100))
                    .text());
        }
        return String.join("\n---\n", texts);
    }

    @Test
    void answersTheSameWithEveryProvider() {
        String scalar = answers("scalar");
        assertThat(scalar).contains("Slipway");
        for (String provider : KernelProviders.names()) {
            assertThat(answers(provider)).as(provider).isEqualTo(scalar);
        }
    }

    /** What the training program found for the same file, as far as it was decided by a clear margin. */
    @Test
    void goesOnAsTheTrainingProgramDoes() throws IOException {
        Path golden = file().resolveSibling("expected.json");
        assumeTrue(Files.exists(golden), "the golden answers are there");
        try (TextEngine engine = TextEngines.open(file(), EngineOptions.DEFAULT)) {
            for (JsonNode entry : JsonMapper.shared().readTree(golden)) {
                String prompt = entry.get("prompt").asString();
                assertThat(engine.tokenize(prompt)).as(prompt).isEqualTo(numbers(entry.get("ids")));
                int clear = entry.get("comfortable_tokens").asInt();
                String expected =
                        engine.detokenize(numbers(entry.get("continuation_ids")).subList(0, clear));
                if (clear > 0) {
                    assertThat(Answers.of(engine, greedy(new Prompt.Raw(prompt), clear))
                                    .text())
                            .as(prompt)
                            .isEqualTo(expected);
                }
            }
        }
    }

    private static List<Integer> numbers(JsonNode list) {
        List<Integer> numbers = new ArrayList<>();
        list.forEach(number -> numbers.add(number.asInt()));
        return numbers;
    }
}
