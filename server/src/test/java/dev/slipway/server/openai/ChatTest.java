package dev.slipway.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class ChatTest {
    private static final String STREAM = ", \"stream\": true";

    @TempDir
    static Path folder;

    private static ApiUnderTest api;

    @BeforeAll
    static void start() throws Exception {
        api = ApiUnderTest.start(folder);
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void answersAtOnceWithUsageAndFinishReason() {
        HttpResponse<String> response = api.chat("hello", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
        JsonNode json = ApiUnderTest.json(response);
        assertThat(json.path("id").stringValue()).startsWith("chatcmpl-");
        assertThat(json.path("object").stringValue()).isEqualTo("chat.completion");
        assertThat(json.path("created").longValue()).isPositive();
        assertThat(json.path("model").stringValue()).isEqualTo("fake");
        JsonNode choice = json.path("choices").path(0);
        assertThat(choice.path("index").intValue()).isZero();
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(choice.path("message").path("role").stringValue()).isEqualTo("assistant");
        assertThat(choice.path("message").path("content").stringValue()).isEqualTo("Hello");
        assertThat(json.path("usage").toString())
                .isEqualTo("{\"prompt_tokens\":5,\"completion_tokens\":2,\"total_tokens\":7,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":0}}");
    }

    @Test
    void streamsChunksThatEndWithTheReasonTheUsageAndDone() {
        HttpResponse<String> response = api.chat("hello", STREAM + ", \"stream_options\": {\"include_usage\": true}");

        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        List<String> events = ApiUnderTest.events(response);
        assertThat(events.getLast()).isEqualTo("[DONE]");
        List<JsonNode> chunks = chunks(events);
        assertThat(chunks).hasSize(5).allSatisfy(chunk -> {
            assertThat(chunk.path("object").stringValue()).isEqualTo("chat.completion.chunk");
            assertThat(chunk.path("id")).isEqualTo(chunks.getFirst().path("id"));
            assertThat(chunk.has("usage")).isTrue();
        });
        assertThat(delta(chunks.get(0)).toString()).isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(delta(chunks.get(1)).toString()).isEqualTo("{\"content\":\"Hel\"}");
        assertThat(delta(chunks.get(2)).toString()).isEqualTo("{\"content\":\"lo\"}");
        assertThat(chunks.get(2).path("choices").path(0).path("finish_reason").isNull())
                .isTrue();
        assertThat(delta(chunks.get(3)).isEmpty()).isTrue();
        assertThat(chunks.get(3).path("choices").path(0).path("finish_reason").stringValue())
                .isEqualTo("stop");
        assertThat(chunks.get(4).path("choices").isEmpty()).isTrue();
        assertThat(chunks.get(4).path("usage").path("total_tokens").intValue()).isEqualTo(7);
    }

    @Test
    void withoutTheWishNoChunkTellsTheUsage() {
        assertThat(api.chat("hello", STREAM).body()).doesNotContain("usage");
    }

    @Test
    void toolCallsAreAnnouncedWithIdAndNameAndThenStreamTheirArguments() {
        List<JsonNode> chunks = chunks(ApiUnderTest.events(api.chat("call", STREAM)));

        JsonNode first = delta(chunks.get(1)).path("tool_calls").path(0);
        assertThat(first.path("index").intValue()).isZero();
        assertThat(first.path("id").stringValue()).startsWith("call_");
        assertThat(first.path("type").stringValue()).isEqualTo("function");
        assertThat(first.path("function").toString()).isEqualTo("{\"name\":\"get_weather\",\"arguments\":\"\"}");
        JsonNode second = delta(chunks.get(2)).path("tool_calls").path(0);
        assertThat(second.toString()).isEqualTo("{\"index\":0,\"function\":{\"arguments\":\"{\\\"location\\\":\"}}");
        JsonNode other = delta(chunks.get(4)).path("tool_calls").path(0);
        assertThat(other.path("index").intValue()).isEqualTo(1);
        assertThat(other.path("id").stringValue()).isEqualTo("given");
        assertThat(chunks.getLast()
                        .path("choices")
                        .path(0)
                        .path("finish_reason")
                        .stringValue())
                .isEqualTo("tool_calls");
    }

    @Test
    void toolCallsAreJoinedInAWholeAnswer() {
        JsonNode choice =
                ApiUnderTest.json(api.chat("call", "")).path("choices").path(0);

        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("tool_calls");
        assertThat(choice.path("message").path("content").isNull()).isTrue();
        JsonNode calls = choice.path("message").path("tool_calls");
        assertThat(calls).hasSize(2);
        assertThat(calls.path(0).path("function").path("arguments").stringValue())
                .isEqualTo("{\"location\":\"Paris\"}");
        assertThat(calls.path(1).path("function").path("name").stringValue()).isEqualTo("get_time");
    }

    @Test
    void aNameThatComesLateHoldsTheArgumentsBack() {
        JsonNode choice =
                ApiUnderTest.json(api.chat("late", "")).path("choices").path(0);

        JsonNode call = choice.path("message").path("tool_calls").path(0);
        assertThat(call.path("id").stringValue()).isEqualTo("x1");
        assertThat(call.path("function").toString()).isEqualTo("{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("tool_calls");
    }

    @Test
    void reasoningIsKeptApartFromTheContent() {
        JsonNode message =
                ApiUnderTest.json(api.chat("think", "")).path("choices").path(0).path("message");

        assertThat(message.path("content").stringValue()).isEqualTo("Yes.");
        assertThat(message.path("reasoning_content").stringValue()).isEqualTo("Hmm.");
    }

    @Test
    void bytesOfBackendsWithoutDeltasBecomeWholeCharacters() {
        JsonNode choice = ApiUnderTest.json(api.chat("raw", "")).path("choices").path(0);
        List<JsonNode> chunks = chunks(ApiUnderTest.events(api.chat("raw", STREAM)));

        assertThat(choice.path("message").path("content").stringValue()).isEqualTo("Grüße, 世界!");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(chunks.toString()).doesNotContain("\uFFFD");
    }

    @Test
    void aBackendThatGivesNoReasonIsUnderstoodByItsTokenCount() {
        JsonNode json = ApiUnderTest.json(api.chat("limit", ", \"max_tokens\": 4"));

        assertThat(json.path("choices").path(0).path("finish_reason").stringValue())
                .isEqualTo("length");
    }

    @Test
    void whatTheAnswerMustLookLikeReachesTheBackend() {
        String tools = ", \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}], ";
        String named = "\"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"f\"}}";

        assertThat(shown(", \"grammar\": \"root ::= x\"")).contains("Grammar: \"root ::= x\"");
        assertThat(shown(", \"response_format\": {\"type\": \"json_object\"}"))
                .contains("key: \"response_format\"", "{\\\"type\\\":\\\"json_object\\\"}");
        assertThat(shown(tools + "\"tool_choice\": \"required\", \"parallel_tool_calls\": true"))
                .contains("ToolChoice: \"required\"", "key: \"parallel_tool_calls\"   value: \"true\"");
        assertThat(shown(tools + named)).contains("ToolChoice: \"{", "\\\"name\\\":\\\"f\\\"");
    }

    @Test
    void everythingAskedForReachesTheBackend() {
        String more =
                ", \"temperature\": 0, \"top_p\": 0.5, \"max_completion_tokens\": 9, \"seed\": 12, \"stop\": \"S\","
                        + " \"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\"}}], \"tool_choice\": \"none\","
                        + " \"chat_template_kwargs\": {\"enable_thinking\": false}, \"unheard_of\": 1, \"user\": \"u\","
                        + " \"enable_thinking\": true, \"reasoning_effort\": \"low\"";
        String seen = ApiUnderTest.json(api.chat("show", more))
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .stringValue();

        assertThat(seen)
                .contains("Seed: 12", "Tokens: 9", "TopK: 7", "TopP: 0.5", "StopPrompts: \"END\"", "StopPrompts: \"S\"")
                .contains("UseTokenizerTemplate: true", "ToolChoice: \"none\"", "ModelIdentity: \"a.gguf\"")
                .contains(
                        "\\\"enable_thinking\\\":false",
                        "key: \"enable_thinking\"\n  value: \"true\"",
                        "value: \"low\"")
                .doesNotContain("Temperature");
        assertThat(api.notes()).contains("load a.gguf context 77 [k:v]");
    }

    @Test
    void everyWayOfSamplingReachesTheBackend() {
        String more = ", \"frequency_penalty\": 0.5, \"presence_penalty\": -0.5, \"repetition_penalty\": 1.25,"
                + " \"repeat_last_n\": 9, \"typical_p\": 0.75, \"logit_bias\": {\"17\": -100}, \"min_p\": 0.25,"
                + " \"logprobs\": true, \"top_logprobs\": 3";
        assertThat(shown(more))
                .contains("FrequencyPenalty: 0.5", "PresencePenalty: -0.5", " Penalty: 1.25", "Repeat: 9")
                .contains("TypicalP: 0.75", "LogitBias: \"{\\\"17\\\":-100}\"", "MinP: 0.25")
                .contains("Logprobs: 1", "TopLogprobs: 3");
        assertThat(shown(", \"repeat_penalty\": 2, \"repeat_last_n\": 0")).doesNotContain("Penalty", "Repeat");
        assertThat(shown(", \"logprobs\": false")).doesNotContain("ogprobs", "Truncate");
        assertThat(shown(", \"truncation\": \"auto\"")).contains("TruncatePrompt: true");
        assertThat(shown(", \"truncation\": \"disabled\"")).doesNotContain("Truncate");
    }

    private static String shown(String more) {
        return " "
                + ApiUnderTest.json(api.chat("show", more))
                        .path("choices")
                        .path(0)
                        .path("message")
                        .path("content")
                        .stringValue()
                        .replace('\n', ' ');
    }

    private static final String REPORTS = ", \"logprobs\": true, \"top_logprobs\": 1";

    @Test
    void logProbabilitiesComeWithTheWholeAnswer() {
        JsonNode json = ApiUnderTest.json(api.chat("likely", REPORTS));
        JsonNode logprobs = json.path("choices").path(0).path("logprobs");
        assertThat(logprobs.path("refusal").isNull()).isTrue();
        assertThat(logprobs.path("content")).hasSize(4);
        assertThat(logprobs.path("content").path(0).toString())
                .isEqualTo("{\"token\":\"Gr\",\"logprob\":-0.5,\"bytes\":[71,114],"
                        + "\"top_logprobs\":[{\"token\":\"Gr\",\"logprob\":-0.5,\"bytes\":[71,114]}]}");
        assertThat(json.path("usage")
                        .path("prompt_tokens_details")
                        .path("cached_tokens")
                        .intValue())
                .isEqualTo(4);
        assertThat(json.path("usage")
                        .path("prompt_tokens_details")
                        .path("truncated_tokens")
                        .intValue())
                .isEqualTo(9);
        assertThat(ApiUnderTest.json(api.chat("hello", ""))
                        .path("choices")
                        .path(0)
                        .path("logprobs")
                        .isNull())
                .isTrue();
    }

    @Test
    void logProbabilitiesStreamWithTheTextOfTheirTokens() {
        List<JsonNode> chunks = chunks(ApiUnderTest.events(api.chat("likely", REPORTS + STREAM)));
        assertThat(chunks).hasSize(4);
        assertThat(chunks.get(0).path("choices").path(0).path("logprobs").isNull())
                .isTrue();
        assertThat(chunks.get(1).path("choices").path(0).path("logprobs").path("content"))
                .hasSize(2);
        assertThat(delta(chunks.get(1)).path("content").stringValue()).isEqualTo("Gr");
        assertThat(chunks.get(2).path("choices").path(0).path("logprobs").path("content"))
                .hasSize(1);
        assertThat(chunks.get(3).path("choices").path(0).path("logprobs").path("content"))
                .hasSize(1);
    }

    @Test
    void whatABackendReportsAmissIsLeftOut() {
        JsonNode choice =
                ApiUnderTest.json(api.chat("nonsense", REPORTS)).path("choices").path(0);
        assertThat(choice.path("message").path("content").stringValue()).isEqualTo("Hello");
        assertThat(choice.path("logprobs").isNull()).isTrue();
    }

    @Test
    void severalChoicesCountThePromptOnceAndHaveSeedsOfTheirOwn() {
        JsonNode json = ApiUnderTest.json(api.chat("hello", ", \"n\": 3"));
        assertThat(json.path("choices")).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(json.path("choices").path(i).path("index").intValue()).isEqualTo(i);
            assertThat(json.path("choices")
                            .path(i)
                            .path("message")
                            .path("content")
                            .stringValue())
                    .isEqualTo("Hello");
        }
        assertThat(json.path("usage").path("prompt_tokens").intValue()).isEqualTo(5);
        assertThat(json.path("usage").path("completion_tokens").intValue()).isEqualTo(6);

        JsonNode seen = ApiUnderTest.json(api.chat("show", ", \"n\": 2, \"seed\": 40"));
        assertThat(seen.path("choices").path(0).toString()).contains("Seed: 40");
        assertThat(seen.path("choices").path(1).toString()).contains("Seed: 41");
    }

    @Test
    void severalChoicesStreamSideBySide() {
        List<String> events = ApiUnderTest.events(
                api.chat("hello", ", \"n\": 2, \"stream_options\": {\"include_usage\": true}" + STREAM));
        List<JsonNode> chunks = chunks(events);
        for (int index = 0; index < 2; index++) {
            StringBuilder text = new StringBuilder();
            String reason = "";
            for (JsonNode chunk : chunks) {
                JsonNode choice = chunk.path("choices").path(0);
                if (choice.path("index").asInt(-1) == index) {
                    text.append(choice.path("delta").path("content").asString(""));
                    reason = choice.path("finish_reason").asString("");
                }
            }
            assertThat(text.toString()).isEqualTo("Hello");
            assertThat(reason).isEqualTo("stop");
        }
        assertThat(chunks.getLast().path("usage").path("completion_tokens").intValue())
                .isEqualTo(4);
        assertThat(events.getLast()).isEqualTo("[DONE]");
        assertThat(ApiUnderTest.json(api.chat("overflow", ", \"n\": 2" + STREAM))
                        .path("error")
                        .path("code")
                        .stringValue())
                .isEqualTo("context_length_exceeded");
    }

    @Test
    void contentInPartsAndEarlierCallsAreUnderstood() {
        String body = """
                {"model": "fake", "messages": [
                  {"role": "developer", "content": "Be brief."},
                  {"role": "assistant", "content": null, "tool_calls":
                    [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                  {"role": "tool", "tool_call_id": "1", "content": "42"},
                  {"role": "user", "content": [{"type": "text", "text": "now "}, {"type": "text", "text": "show"}]}]}""";
        String seen = ApiUnderTest.json(api.post("/v1/chat/completions", body))
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .stringValue();

        assertThat(seen)
                .contains("role: \"system\"", "tool_call_id: \"1\"", "content: \"now show\"", "tool_calls: \"[{");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"truncation\": \"yes\"' | 400 | invalid_value | truncation",
                "'\"n\": 0' | 400 | invalid_value | n",
                "'\"n\": 129' | 400 | invalid_value | n",
                "'\"frequency_penalty\": 2.1' | 400 | invalid_value | frequency_penalty",
                "'\"presence_penalty\": -2.1' | 400 | invalid_value | presence_penalty",
                "'\"repeat_penalty\": 0' | 400 | invalid_value | repeat_penalty",
                "'\"repeat_last_n\": -2' | 400 | invalid_value | repeat_last_n",
                "'\"typical_p\": 1.5' | 400 | invalid_value | typical_p",
                "'\"logit_bias\": {\"5\": 101}' | 400 | invalid_value | logit_bias.5",
                "'\"logit_bias\": {\"x\": 1}' | 400 | invalid_value | logit_bias",
                "'\"logit_bias\": 5' | 400 | invalid_value | logit_bias",
                "'\"top_logprobs\": 2' | 400 | invalid_value | top_logprobs",
                "'\"logprobs\": true, \"top_logprobs\": 21' | 400 | invalid_value | top_logprobs",
                "'\"logprobs\": 1' | 400 | invalid_value | logprobs",
                "'\"temperature\": 3' | 400 | invalid_value | temperature",
                "'\"temperature\": \"hot\"' | 400 | invalid_value | temperature",
                "'\"max_tokens\": 0' | 400 | invalid_value | max_tokens",
                "'\"stop\": [1]' | 400 | invalid_value | stop",
                "'\"tool_choice\": \"required\"' | 400 | invalid_value | tool_choice",
                "'\"response_format\": {\"type\": \"xml\"}' | 400 | unsupported_parameter | response_format.type",
                "'\"response_format\": {\"type\": \"json_schema\"}' | 400 | invalid_value | response_format.json_schema",
                "'\"response_format\": {\"type\": \"json_object\"}, \"grammar\": \"x\"' | 400 | invalid_value | grammar",
                "'\"tool_choice\": \"always\"' | 400 | unsupported_parameter | tool_choice",
                "'\"tool_choice\": {\"type\": \"function\", \"function\": {\"name\": \"g\"}}' | 400 | invalid_value | tool_choice.function.name",
                "'\"tools\": [{\"type\": \"function\"}]' | 400 | invalid_value | tools[0].function",
                "'\"tools\": {}' | 400 | invalid_value | tools",
                "'\"stream\": \"yes\"' | 400 | invalid_value | stream",
            })
    void wrongValuesAreRefusedByName(String field, int status, String code, String param) {
        HttpResponse<String> response = api.chat("hello", ", " + field);

        assertThat(response.statusCode()).isEqualTo(status);
        JsonNode error = ApiUnderTest.json(response).path("error");
        assertThat(error.path("type").stringValue()).isEqualTo("invalid_request_error");
        assertThat(error.path("code").stringValue()).isEqualTo(code);
        assertThat(error.path("param").stringValue()).isEqualTo(param);
        assertThat(error.path("message").stringValue()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | model",
                "{\"model\": \"fake\"} | messages",
                "{\"model\": \"fake\", \"messages\": []} | messages",
                "{\"model\": 1, \"messages\": []} | model",
                "{\"model\": \"fake\", \"messages\": [1]} | messages[0]",
                "{\"model\": \"fake\", \"messages\": [{\"role\": \"x\", \"content\": \"\"}]} | messages[0].role",
                "{\"model\": \"fake\", \"messages\": [{\"role\": \"user\"}]} | messages[0].content",
                "{\"model\": \"fake\", \"messages\": [{\"role\": \"user\", \"content\": [{\"type\": \"image_url\"}]}]}"
                        + " | messages[0].content[0].type",
            })
    void incompleteRequestsAreRefusedByPlace(String body, String param) {
        HttpResponse<String> response = api.post("/v1/chat/completions", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(ApiUnderTest.json(response).path("error").path("param").stringValue())
                .isEqualTo(param);
    }

    @Test
    void malformedJsonIsToldByPosition() {
        HttpResponse<String> response = api.post("/v1/chat/completions", "{\"model\":\n  oops}");

        assertThat(response.statusCode()).isEqualTo(400);
        JsonNode error = ApiUnderTest.json(response).path("error");
        assertThat(error.path("code").stringValue()).isEqualTo("invalid_json");
        assertThat(error.path("message").stringValue()).contains("line 2").doesNotContain("jackson");
        assertThat(api.post("/v1/chat/completions", "{\"model\": 1").body())
                .contains("line 1")
                .doesNotContain("REDACTED");
        assertThat(api.post("/v1/chat/completions", "").statusCode()).isEqualTo(400);
        assertThat(api.post("/v1/chat/completions", "[1]").statusCode()).isEqualTo(400);
        assertThat(api.post("/v1/chat/completions", "[".repeat(100_000)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void unknownModelsAreToldWithTheKnownOnes() {
        HttpResponse<String> response = api.post(
                "/v1/chat/completions", "{\"model\": \"fakee\", \"messages\": [{\"role\":\"user\",\"content\":\"\"}]}");

        assertThat(response.statusCode()).isEqualTo(404);
        JsonNode error = ApiUnderTest.json(response).path("error");
        assertThat(error.path("code").stringValue()).isEqualTo("model_not_found");
        assertThat(error.path("message").stringValue()).contains("'fakee'", "Did you mean 'fake'?", "broken");
    }

    @Test
    void contextOverflowTellsBothNumbersStreamedOrNot() {
        for (String more : List.of("", STREAM)) {
            HttpResponse<String> response = api.chat("overflow", more);

            assertThat(response.statusCode()).isEqualTo(400);
            JsonNode error = ApiUnderTest.json(response).path("error");
            assertThat(error.path("code").stringValue()).isEqualTo("context_length_exceeded");
            assertThat(error.path("message").stringValue()).contains("2001", "512");
        }
    }

    @Test
    void modelsThatCannotBeLoadedAreTheServersTrouble() {
        HttpResponse<String> broken = api.post(
                "/v1/chat/completions", ApiUnderTest.chatJson("hello", "").replace("\"fake\"", "\"broken\""));
        HttpResponse<String> fileless = api.post(
                "/v1/chat/completions", ApiUnderTest.chatJson("hello", "").replace("\"fake\"", "\"fileless\""));
        HttpResponse<String> odd = api.post(
                "/v1/chat/completions", ApiUnderTest.chatJson("hello", "").replace("\"fake\"", "\"odd\""));

        assertThat(broken.statusCode()).isEqualTo(500);
        assertThat(ApiUnderTest.json(broken).path("error").path("message").stringValue())
                .contains("the file is truncated");
        assertThat(fileless.statusCode()).isEqualTo(500);
        assertThat(fileless.body()).contains("nothing.gguf");
        assertThat(odd.statusCode()).isEqualTo(500);
        assertThat(odd.body()).contains("parametres", "Did you mean 'parameters'?");
    }

    @Test
    void aBackendThatDiesInMidAnswerGivesAnErrorEventAndTheNextRequestANewOne() {
        HttpResponse<String> streamed = api.chat("die", STREAM);

        assertThat(streamed.statusCode()).isEqualTo(200);
        List<String> events = ApiUnderTest.events(streamed);
        assertThat(events).doesNotContain("[DONE]");
        JsonNode error = ApiUnderTest.json(events.getLast()).path("error");
        assertThat(error.path("type").stringValue()).isEqualTo("server_error");
        assertThat(error.path("code").stringValue()).isEqualTo("runtime.backend-gone");
        assertThat(api.chat("hello", "").statusCode()).isEqualTo(200);

        HttpResponse<String> whole = api.chat("die", "");
        assertThat(whole.statusCode()).isEqualTo(503);
        assertThat(whole.headers().firstValue("Retry-After")).isPresent();
        assertThat(api.chat("hello", "").statusCode()).isEqualTo(200);
    }

    @Test
    void silenceIsFilledWithCommentsAndAClientThatLeavesStopsTheBackend() throws Exception {
        int before = count("silent cancelled");
        String body = ApiUnderTest.chatJson("silent", STREAM);
        try (Socket socket = open(body)) {
            StringBuilder seen = new StringBuilder();
            byte[] buffer = new byte[4096];
            while (!seen.toString().contains(":\n\n")) {
                int read = socket.getInputStream().read(buffer);
                assertThat(read).isPositive();
                seen.append(new String(buffer, 0, read, StandardCharsets.UTF_8));
            }
            assertThat(seen.toString()).startsWith("HTTP/1.1 200").doesNotContain("data:");
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> count("silent cancelled") > before);
    }

    @Test
    void aClientThatLeavesInMidAnswerStopsTheBackend() throws Exception {
        int before = count("endless cancelled");
        try (Socket socket = open(ApiUnderTest.chatJson("endless", STREAM))) {
            assertThat(socket.getInputStream().readNBytes(600)).hasSize(600);
        }
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> count("endless cancelled") > before);
    }

    private static Socket open(String body) throws Exception {
        Socket socket = new Socket(
                api.server().address().getAddress(), api.server().address().getPort());
        socket.setSoTimeout(20_000);
        String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n";
        socket.getOutputStream().write((head + body).getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static int count(String note) {
        return api.notes().split(note, -1).length - 1;
    }

    private static List<JsonNode> chunks(List<String> events) {
        List<JsonNode> chunks = new ArrayList<>();
        events.stream().filter(event -> !event.equals("[DONE]")).forEach(event -> chunks.add(ApiUnderTest.json(event)));
        return chunks;
    }

    private static JsonNode delta(JsonNode chunk) {
        return chunk.path("choices").path(0).path("delta");
    }
}
