package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.TextEvent.FinishReason;
import dev.slipway.model.QuantisationType;
import dev.slipway.oracle.schema.RandomSchema;
import dev.slipway.oracle.schema.SchemaJudge;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model of random weights at temperature 2 writes nothing but noise, and still keeps to what is asked for. */
class StructuredOutputTest {
    private static final String SCHEMA = """
            {"type": "object", "required": ["city", "days"], "additionalProperties": false, "properties": {
              "city": {"type": "string", "enum": ["Lisbon", "Łódź", "a \\"b\\" <c>"]},
              "days": {"type": "integer", "minimum": 1, "maximum": 14},
              "note": {"type": "string", "maxLength": 12},
              "exact": {"type": "boolean"}}}""";

    @TempDir
    Path folder;

    private TextEngine engine(String toolParser, int context) throws Exception {
        Path file = new TinyModel("llama", QuantisationType.F32, false, context, 3).writeTo(folder);
        return TextEngines.open(file, EngineOptions.DEFAULT.withToolParser(toolParser));
    }

    private static TextRequest request(Prompt prompt, Constraint constraint, int tokens, long seed) {
        SamplingOptions wild = new SamplingOptions(2, 0, 1, 0, OptionalLong.of(seed));
        return new TextRequest(prompt, wild, OptionalInt.of(tokens), List.of(), false).with(constraint);
    }

    private static Prompt.Chat chat(List<Map<String, Object>> tools) {
        return new Prompt.Chat(List.of(Prompt.Message.of("user", "Hi")), tools, Map.of());
    }

    private static Map<String, Object> tool(String name) {
        Map<String, Object> city = Map.of("type", "string", "enum", List.of("Lisbon", "a \"b\" c"));
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("city", city);
        properties.put("days", Map.of("type", "integer", "minimum", 1, "maximum", 14));
        properties.put("note", Map.of("type", "string", "maxLength", 12));
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("type", "object");
        parameters.put("properties", properties);
        parameters.put("required", List.of("city", "days"));
        parameters.put("additionalProperties", false);
        return Map.of("type", "function", "function", Map.of("name", name, "parameters", parameters));
    }

    @Test
    void keepsToRandomSchemas() throws Exception {
        try (TextEngine engine = engine("passthrough", 2_048)) {
            keepsToRandomSchemas(engine, 1, 25);
        }
    }

    @Tag("stress")
    @Test
    void keepsToManyRandomSchemas() throws Exception {
        try (TextEngine engine = engine("passthrough", 2_048)) {
            keepsToRandomSchemas(engine, 50_000, 1_500);
        }
    }

    private static void keepsToRandomSchemas(TextEngine engine, long first, int count) {
        for (long seed = first; seed < first + count; seed++) {
            String schema = RandomSchema.of(seed);
            Answers.Whole answer =
                    Answers.of(engine, request(new Prompt.Raw("x"), new Constraint.JsonSchema(schema), 1_400, seed));
            assertThat(new SchemaJudge(schema).complaints(answer.text()))
                    .as("seed %s: %s by %s", seed, answer.text(), schema)
                    .isEmpty();
        }
    }

    @Test
    void endsAnAnswerThatWouldBeTooLong() throws Exception {
        try (TextEngine engine = engine("passthrough", 256)) {
            String schema = "{\"type\":\"array\",\"items\":{\"type\":\"string\",\"minLength\":40},\"minItems\":1}";
            Answers.Whole cut =
                    Answers.of(engine, request(new Prompt.Raw("x"), new Constraint.JsonSchema(schema), 60, 1));
            Answers.Whole object = Answers.of(engine, request(new Prompt.Raw("x"), new Constraint.JsonObject(), 90, 2));

            assertThat(new SchemaJudge(schema).complaints(cut.text())).isEmpty();
            assertThat(cut.reason()).isEqualTo(FinishReason.LENGTH);
            assertThat(new SchemaJudge("{\"type\":\"object\"}").complaints(object.text()))
                    .isEmpty();
        }
    }

    @Test
    void keepsToAGrammarAndStopsWhereItMust() throws Exception {
        try (TextEngine engine = engine("passthrough", 256)) {
            Constraint grammar = new Constraint.Gbnf("root ::= (\"yes\" | \"no\") \", \" [a-f]{3}");
            Answers.Whole answer = Answers.of(engine, request(new Prompt.Raw("x"), grammar, 100, 5));

            assertThat(answer.text()).matches("(yes|no), [a-f]{3}");
            assertThat(answer.reason()).isEqualTo(FinishReason.STOP);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "llama3_json", "qwen3_xml", "mistral"})
    void writesRequiredCallsInEveryForm(String form) throws Exception {
        try (TextEngine engine = engine(form, 2_048)) {
            for (int seed = 0; seed < 6; seed++) {
                boolean parallel = seed % 2 == 1;
                Constraint constraint = new Constraint.ToolCalls(seed < 2 ? "plan" : "", parallel);
                Answers.Whole answer =
                        Answers.of(engine, request(chat(List.of(tool("get"), tool("plan"))), constraint, 400, seed));

                Map<Integer, String> names = names(answer);
                assertThat(names).isNotEmpty();
                assertThat(names.values()).allMatch(seed < 2 ? "plan"::equals : List.of("get", "plan")::contains);
                assertThat(names.size()).isLessThanOrEqualTo(parallel ? 40 : 1);
                assertThat(answer.text()).isBlank();
                names.keySet()
                        .forEach(index -> assertThat(new SchemaJudge(SCHEMA.replace("Łódź", "a \\\"b\\\" c"))
                                        .complaints(arguments(answer, index)))
                                .as("%s: %s", form, answer.events())
                                .isEmpty());
                assertThat(answer.reason()).isIn(FinishReason.TOOL_CALLS, FinishReason.LENGTH);
            }
        }
    }

    private static Map<Integer, String> names(Answers.Whole answer) {
        Map<Integer, String> names = new LinkedHashMap<>();
        for (TextEvent event : answer.events()) {
            if (event instanceof TextEvent.ToolCall call) {
                names.merge(call.index(), call.name(), String::concat);
            }
        }
        return names;
    }

    private static String arguments(Answers.Whole answer, int index) {
        return answer.events().stream()
                .map(event -> event instanceof TextEvent.ToolCall call && call.index() == index ? call.arguments() : "")
                .collect(Collectors.joining());
    }

    @Test
    void refusesWhatItCannotKeepBeforeAnythingRuns() throws Exception {
        try (TextEngine engine = engine("passthrough", 256)) {
            assertThatThrownBy(() -> engine.submit(request(
                            new Prompt.Raw("x"),
                            new Constraint.JsonSchema("{\"properties\":{\"a\":{\"uniqueItems\":true}}}"),
                            10,
                            1)))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContaining("#/properties/a/uniqueItems");
            assertThatThrownBy(() ->
                            engine.submit(request(new Prompt.Raw("x"), new Constraint.Gbnf("root ::= \"a"), 10, 1)))
                    .hasMessageContaining("line 1, column 10");
            assertThatThrownBy(() -> engine.submit(
                            request(chat(List.of(tool("get"))), new Constraint.ToolCalls("", false), 10, 1)))
                    .hasMessageContaining("no form");
            assertThatThrownBy(
                            () -> engine.submit(request(chat(List.of()), new Constraint.ToolCalls("", false), 10, 1)))
                    .hasMessageContaining("no tools");
        }
    }
}
