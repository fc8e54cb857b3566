package dev.slipway.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.template.ChatTemplate;
import dev.slipway.engine.template.ChatTemplate.Rendered;
import dev.slipway.engine.template.ChatTemplate.Written;
import dev.slipway.engine.template.FallbackTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a message contains never becomes a control token, and nothing else changes. */
class WrittenTextTest {
    private static final List<String> MARKS = List.of(
            "<|im_start|>",
            "<|im_end|>",
            "<|start_header_id|>",
            "<|end_header_id|>",
            "<|eot_id|>",
            "<|eom_id|>",
            "<|python_tag|>",
            "<|user|>",
            "<|assistant|>",
            "<|system|>",
            "<|end|>",
            "<start_of_turn>",
            "<end_of_turn>",
            "[INST]",
            "[/INST]",
            "[TOOL_CALLS]",
            "[TOOL_RESULTS]",
            "[/TOOL_RESULTS]",
            "[AVAILABLE_TOOLS]",
            "[/AVAILABLE_TOOLS]",
            "<s>",
            "</s>");

    private static final String ALL_MARKS = String.join(" x ", MARKS);

    /** Every mark as a control token, and a few merges that reach over borders. */
    private static Tokenizer withMarks() {
        ToyVocabulary toy = ToyVocabulary.byteLevel();
        MARKS.forEach(mark -> toy.token(mark, TokenKind.CONTROL));
        toy.merge("e", "r")
                .merge("s", "er")
                .merge("Ġ", "s")
                .merge("Ċ", "Ċ")
                .merge("t", "e")
                .merge("<", "t");
        return toy.token("<tool_call>", TokenKind.USER_DEFINED).tokenizer();
    }

    static Stream<String> templates() throws IOException {
        Stream<String> own = Stream.of(FallbackTemplates.CHATML, FallbackTemplates.PLAIN);
        Path folder = Path.of(System.getenv().getOrDefault("SLIPWAY_TEST_DATA", ""), "chat-templates");
        if (!Files.isDirectory(folder)) {
            System.out.println("without real templates: SLIPWAY_TEST_DATA names no folder with chat-templates");
            return own;
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.sorted().toList();
            return Stream.concat(own, all.stream().map(WrittenTextTest::read));
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void messagesThatSpellEveryMarkAddNoControlToken(String source) throws IOException {
        ChatTemplate template = ChatTemplate.parse(source);
        Tokenizer tokenizer = withMarks();
        int compared = 0;
        for (Map<String, Object> conversation : conversations()) {
            try {
                Rendered harmless = template.rendered(variables(conversation, text -> text.isEmpty() ? text : "x"));
                Rendered hostile =
                        template.rendered(variables(conversation, text -> text.isEmpty() ? text : ALL_MARKS));
                assertThat(controls(tokenizer, tokenizer.encode(hostile.text(), hostile.written())))
                        .isEqualTo(controls(tokenizer, tokenizer.encode(harmless.text(), true)));
                compared++;
            } catch (EngineException refused) {
                assertThat(refused.code()).startsWith("engine.template-");
            }
        }
        assertThat(compared).isGreaterThan(3);
    }

    @ParameterizedTest
    @MethodSource("templates")
    void ordinaryConversationsHaveTheIdsOfTheWholeText(String source) throws IOException {
        ChatTemplate template = ChatTemplate.parse(source);
        Tokenizer tokenizer = withMarks();
        for (Map<String, Object> conversation : conversations()) {
            try {
                Rendered rendered = template.rendered(variables(conversation, text -> text + " <tool_call> ser\n\n"));
                assertThat(tokenizer.encode(rendered.text(), rendered.written()))
                        .isEqualTo(tokenizer.encode(rendered.text(), true));
            } catch (EngineException refused) {
                assertThat(refused.code()).startsWith("engine.template-");
            }
        }
    }

    @Test
    void aMarkPutTogetherOfBothSidesIsText() {
        Tokenizer tokenizer = withMarks();
        String text = "<|im_end|>";
        for (int unit = 0; unit < text.length(); unit++) {
            BitSet written = all(text);
            written.clear(unit);
            assertThat(tokenizer.encode(text, written)).isEqualTo(tokenizer.encode(text, false));
        }
        assertThat(tokenizer.encode(text, all(text))).hasSize(1);
        assertThat(tokenizer.encode(text, new BitSet())).isEqualTo(tokenizer.encode(text, false));
    }

    @Test
    void realVocabulariesAgreeOnTextWithoutMarksWhereverItCameFrom() throws IOException {
        Path folder = Path.of(System.getenv().getOrDefault("SLIPWAY_TEST_DATA", ""), "tokenizers");
        if (!Files.isDirectory(folder)) {
            System.out.println("skipped: SLIPWAY_TEST_DATA names no folder with tokenizers");
            return;
        }
        Random random = new Random(5);
        for (String name : List.of("gpt-2", "llama-spm", "phi-3")) {
            try (var model = dev.slipway.model.OpenModel.open(folder.resolve("ggml-vocab-" + name + ".gguf"))) {
                Tokenizer tokenizer = Tokenizers.from(model);
                for (String text : Files.readString(folder.resolve("ggml-vocab-" + name + ".gguf.inp"))
                        .split("\n__ggml_vocab_test__\n")) {
                    BitSet written = new BitSet();
                    text.chars().forEach(unit -> written.set(written.length() + random.nextInt(3)));
                    assertThat(tokenizer.encode(text, written)).as(text).isEqualTo(tokenizer.encode(text, true));
                }
            }
        }
    }

    private static BitSet all(String text) {
        BitSet all = new BitSet();
        all.set(0, text.length());
        return all;
    }

    private static int[] controls(Tokenizer tokenizer, int[] tokens) {
        return Arrays.stream(tokens).filter(tokenizer::isControl).toArray();
    }

    private static List<Map<String, Object>> conversations() throws IOException {
        try (var in = ChatTemplate.class.getResourceAsStream("conversations.json")) {
            Map<String, Map<String, Object>> read = JsonMapper.shared().readValue(in, new TypeReference<>() {});
            return List.copyOf(read.values());
        }
    }

    private static Map<String, Object> variables(Map<String, Object> conversation, UnaryOperator<String> change) {
        Map<String, Object> variables = new LinkedHashMap<>();
        conversation.forEach((name, value) -> variables.put(name, changed(name, value, change)));
        variables.replace(
                "tools",
                List.of(Map.of(
                        "type",
                        "function",
                        "function",
                        Map.of(
                                "name",
                                "f",
                                "description",
                                change.apply("d"),
                                "parameters",
                                Map.of(
                                        "type",
                                        "object",
                                        "properties",
                                        Map.of("p", Map.of("type", "string", "description", change.apply("d"))))))));
        variables.put("bos_token", new Written("<s>"));
        variables.put("eos_token", new Written("</s>"));
        return variables;
    }

    private static Object changed(String name, Object value, UnaryOperator<String> change) {
        return switch (value) {
            case String text when List.of("content", "city", "query").contains(name) -> change.apply(text);
            case List<?> list ->
                list.stream().map(item -> changed(name, item, change)).toList();
            case Map<?, ?> map -> {
                Map<String, Object> copy = new LinkedHashMap<>();
                map.forEach((key, item) -> copy.put(
                        String.valueOf(key), item == null ? null : changed(String.valueOf(key), item, change)));
                yield copy;
            }
            case null, default -> value;
        };
    }
}
