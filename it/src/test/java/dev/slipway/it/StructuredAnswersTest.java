package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.oracle.schema.RandomSchema;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/** The packaged server over a model of random weights at temperature 2: whatever it writes has the form asked for. */
class StructuredAnswersTest {
    private static final List<String> FORMS = Noise.FORMS;

    @TempDir
    static Path home;

    private static RunningServer server;

    @BeforeAll
    static void start() throws Exception {
        Path models = Files.createDirectories(home.resolve("models"));
        Noise.write(models);
        for (String form : FORMS) {
            Files.writeString(models.resolve(form + ".yaml"), """
                    name: %s
                    backend: slipway
                    parameters:
                      model: noise.gguf
                      temperature: 2
                    options:
                      - tool_parser:%s
                      - reasoning_parser:none
                    """.formatted(form, form));
        }
        server = RunningServer.start(home);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** A question with something added. */
    private static Map<String, Object> request(String model, long seed, Map<String, Object> more) {
        Map<String, Object> request = new LinkedHashMap<>(more);
        request.put("model", model);
        request.put("seed", seed);
        request.putIfAbsent("max_tokens", 1_200);
        request.put("messages", List.of(Map.of("role", "user", "content", "Hi")));
        return request;
    }

    private static HttpResponse<String> post(Map<String, Object> request) throws Exception {
        return server.post("/v1/chat/completions", Noise.JSON.writeValueAsString(request));
    }

    private static JsonNode choice(Map<String, Object> request) throws Exception {
        HttpResponse<String> response = post(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return Noise.JSON.readTree(response.body()).path("choices").path(0);
    }

    private static String content(JsonNode choice) {
        return choice.path("message").path("content").asString("");
    }

    private static Map<String, Object> format(String schema) {
        return Map.of(
                "response_format",
                Map.of(
                        "type",
                        "json_schema",
                        "json_schema",
                        Map.of("name", "answer", "schema", Noise.JSON.readTree(schema))));
    }

    @Test
    void keepsToRandomSchemas() throws Exception {
        keepsToRandomSchemas(200, 15);
    }

    @Tag("stress")
    @Test
    void keepsToManyRandomSchemas() throws Exception {
        keepsToRandomSchemas(70_000, 600);
    }

    private static void keepsToRandomSchemas(long first, int count) throws Exception {
        for (long seed = first; seed < first + count; seed++) {
            String schema = RandomSchema.of(seed);
            Noise.assertValid(schema, content(choice(request("hermes", seed, format(schema)))));
        }
    }

    @Test
    void writesAnyObjectWhenAskedForJson() throws Exception {
        Map<String, Object> json = Map.of("max_tokens", 120, "response_format", Map.of("type", "json_object"));
        for (int seed = 0; seed < 4; seed++) {
            Noise.assertValid("{\"type\":\"object\"}", content(choice(request("hermes", seed, json))));
        }
    }

    @Test
    void keepsToAGrammar() throws Exception {
        Map<String, Object> grammar = Map.of("grammar", "root ::= (\"yes\" | \"nó\") \", \" [a-f]{3,9} \".\"");
        for (int seed = 0; seed < 4; seed++) {
            JsonNode choice = choice(request("hermes", seed, grammar));
            assertThat(content(choice)).matches("(yes|nó), [a-f]{3,9}\\.");
            assertThat(choice.path("finish_reason").asString()).isEqualTo("stop");
        }
    }

    @Test
    void refusesWhatItCannotKeepAndSaysWhere() throws Exception {
        HttpResponse<String> schema = post(request("hermes", 1, format(Noise.UNSUPPORTED)));
        assertThat(schema.statusCode()).as(schema.body()).isEqualTo(400);
        assertThat(Noise.JSON
                        .readTree(schema.body())
                        .path("error")
                        .path("message")
                        .asString())
                .contains(Noise.UNSUPPORTED_PLACE);

        HttpResponse<String> grammar = post(request("hermes", 1, Map.of("grammar", "root ::= \"a")));
        assertThat(grammar.statusCode()).as(grammar.body()).isEqualTo(400);
        assertThat(grammar.body()).contains("line 1, column 10");
    }

    @ParameterizedTest
    @FieldSource("FORMS")
    void writesRequiredCallsWholeAndStreamed(String form) throws Exception {
        for (int seed = 0; seed < 4; seed++) {
            boolean named = seed % 2 == 1;
            Map<String, Object> more = new LinkedHashMap<>();
            more.put("tools", Noise.tools());
            more.put(
                    "tool_choice",
                    named ? Map.of("type", "function", "function", Map.of("name", "plan_trip")) : "required");
            if (seed < 2) {
                whole(form, named, request(form, seed, more));
            }
            more.put("stream", true);
            streamed(form, named, request(form, seed, more));
        }
    }

    private static void whole(String form, boolean named, Map<String, Object> request) throws Exception {
        JsonNode choice = choice(request);
        JsonNode calls = choice.path("message").path("tool_calls");
        assertThat(calls.size()).as("%s: %s", form, choice).isOne();
        JsonNode function = calls.path(0).path("function");
        Noise.assertCall(
                form,
                named,
                function.path("name").asString(),
                function.path("arguments").asString(),
                content(choice));
        assertThat(choice.path("finish_reason").asString()).isEqualTo("tool_calls");
    }

    private static void streamed(String form, boolean named, Map<String, Object> request) throws Exception {
        HttpResponse<String> response = post(request);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        StringBuilder name = new StringBuilder();
        StringBuilder arguments = new StringBuilder();
        StringBuilder content = new StringBuilder();
        StringBuilder reason = new StringBuilder();
        for (String line : response.body().lines().toList()) {
            if (line.startsWith("data: {")) {
                JsonNode choice =
                        Noise.JSON.readTree(line.substring(6)).path("choices").path(0);
                JsonNode call = choice.path("delta").path("tool_calls").path(0);
                assertThat(call.path("index").asInt(0)).isZero();
                name.append(call.path("function").path("name").asString(""));
                arguments.append(call.path("function").path("arguments").asString(""));
                content.append(choice.path("delta").path("content").asString(""));
                reason.append(choice.path("finish_reason").asString(""));
            }
        }
        Noise.assertCall(form, named, name.toString(), arguments.toString(), content.toString());
        assertThat(reason).hasToString("tool_calls");
        assertThat(response.body()).contains("data: [DONE]");
    }
}
