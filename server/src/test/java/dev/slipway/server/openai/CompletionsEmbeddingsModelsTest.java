package dev.slipway.server.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class CompletionsEmbeddingsModelsTest {
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

    private static HttpResponse<String> complete(String fields) {
        return api.post("/v1/completions", "{\"model\": \"fake\", " + fields + "}");
    }

    private static HttpResponse<String> embed(String fields) {
        return api.post("/v1/embeddings", "{\"model\": \"fake\", " + fields + "}");
    }

    @Test
    void completesAText() {
        JsonNode json = ApiUnderTest.json(complete("\"prompt\": \"say it raw\""));

        assertThat(json.path("object").stringValue()).isEqualTo("text_completion");
        JsonNode choice = json.path("choices").path(0);
        assertThat(choice.path("text").stringValue()).isEqualTo("Grüße, 世界!");
        assertThat(choice.path("finish_reason").stringValue()).isEqualTo("stop");
        assertThat(json.path("usage").path("prompt_tokens").intValue()).isEqualTo(3);
    }

    @Test
    void severalPromptsGiveSeveralChoicesAndTheSumOfTheirUsage() {
        JsonNode json = ApiUnderTest.json(complete("\"prompt\": [\"raw\", \"hello\"]"));

        assertThat(json.path("choices")).hasSize(2);
        assertThat(json.path("choices").path(1).path("index").intValue()).isEqualTo(1);
        assertThat(json.path("choices").path(1).path("text").stringValue()).isEqualTo("Hello");
        assertThat(json.path("usage").path("prompt_tokens").intValue()).isEqualTo(8);
    }

    @Test
    void tellsLogProbabilitiesInTheOlderForm() {
        JsonNode logprobs = ApiUnderTest.json(complete("\"prompt\": \"likely\", \"logprobs\": 1"))
                .path("choices")
                .path(0)
                .path("logprobs");
        assertThat(logprobs.toString())
                .isEqualTo("{\"tokens\":[\"Gr\",\"bytes:\\\\xc3\",\"bytes:\\\\xbc\",\"!\"],"
                        + "\"token_logprobs\":[-0.5,-1.0,-0.25,0.0],"
                        + "\"top_logprobs\":[{\"Gr\":-0.5},{\"bytes:\\\\xc3\":-1.0},{\"bytes:\\\\xbc\":-0.25},"
                        + "{\"!\":0.0}],\"text_offset\":[0,2,2,3]}");
        List<String> events =
                ApiUnderTest.events(complete("\"prompt\": \"likely\", \"logprobs\": 1, \"stream\": true"));
        assertThat(ApiUnderTest.json(events.get(1))
                        .path("choices")
                        .path(0)
                        .path("logprobs")
                        .path("text_offset")
                        .toString())
                .isEqualTo("[2]");
    }

    @Test
    void severalChoicesOfEachPromptFollowEachOther() {
        JsonNode json = ApiUnderTest.json(complete("\"prompt\": [\"raw\", \"hello\"], \"n\": 2"));
        assertThat(json.path("choices")).hasSize(4);
        assertThat(json.path("choices").path(1).path("text").stringValue()).isEqualTo("Grüße, 世界!");
        assertThat(json.path("choices").path(2).path("text").stringValue()).isEqualTo("Hello");
        assertThat(json.path("choices").path(3).path("index").intValue()).isEqualTo(3);
        assertThat(json.path("usage").path("prompt_tokens").intValue()).isEqualTo(8);
    }

    @Test
    void streamsTexts() {
        List<String> events = ApiUnderTest.events(
                complete("\"prompt\": \"hello\", \"stream\": true, \"stream_options\": {\"include_usage\": true}"));

        assertThat(events).hasSize(5);
        assertThat(ApiUnderTest.json(events.get(0))
                        .path("choices")
                        .path(0)
                        .path("text")
                        .stringValue())
                .isEqualTo("Hel");
        assertThat(ApiUnderTest.json(events.get(2))
                        .path("choices")
                        .path(0)
                        .path("finish_reason")
                        .stringValue())
                .isEqualTo("stop");
        assertThat(ApiUnderTest.json(events.get(3))
                        .path("usage")
                        .path("total_tokens")
                        .intValue())
                .isEqualTo(7);
        assertThat(events.get(4)).isEqualTo("[DONE]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"prompt\": \"x\", \"echo\": true' | echo",
                "'\"prompt\": \"x\", \"suffix\": \"y\"' | suffix",
                "'\"prompt\": \"x\", \"best_of\": 3' | best_of",
                "'\"prompt\": \"x\", \"logprobs\": 6' | logprobs",
                "'\"prompt\": \"x\", \"logprobs\": true' | logprobs",
                "'\"prompt\": \"x\", \"n\": 0' | n",
                "'\"prompt\": [1, 2]' | prompt",
                "'\"prompt\": []' | prompt",
                "'\"max_tokens\": 1' | prompt",
            })
    void refusesWhatItDoesNotOffer(String fields, String param) {
        HttpResponse<String> response = complete(fields);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(ApiUnderTest.json(response).path("error").path("param").stringValue())
                .isEqualTo(param);
    }

    @Test
    void embedsOneTextOrMany() {
        JsonNode one = ApiUnderTest.json(embed("\"input\": \"abc\""));
        JsonNode many = ApiUnderTest.json(embed("\"input\": [\"abc\", \"abcd\"], \"encoding_format\": \"float\""));

        assertThat(one.path("object").stringValue()).isEqualTo("list");
        assertThat(one.path("data").path(0).path("embedding").toString()).isEqualTo("[0.5,3.0]");
        assertThat(many.path("data")).hasSize(2);
        assertThat(many.path("data").path(1).path("embedding").path(1).doubleValue())
                .isEqualTo(4.0);
        assertThat(many.path("usage").toString()).isEqualTo("{\"prompt_tokens\":4,\"total_tokens\":4}");
    }

    @Test
    void embedsTokens() {
        JsonNode one = ApiUnderTest.json(embed("\"input\": [1, 2, 3]"));
        JsonNode many = ApiUnderTest.json(embed("\"input\": [[1], [1, 2]]"));

        assertThat(one.path("data").path(0).path("embedding").toString()).isEqualTo("[0.5,300.0]");
        assertThat(many.path("data")).hasSize(2);
        assertThat(many.path("data").path(1).path("embedding").toString()).isEqualTo("[0.5,200.0]");
    }

    @Test
    void ordersDocumentsByRelevance() {
        JsonNode all =
                ApiUnderTest.json(rerank("\"query\": \"q\", \"documents\": [\"ab\", {\"text\": \"abcd\"}, \"a\"]"));
        JsonNode best = ApiUnderTest.json(rerank(
                "\"query\": \"q\", \"documents\": [\"ab\", \"abcd\"], \"top_n\": 1, \"return_documents\": false"));

        assertThat(all.path("results")
                        .valueStream()
                        .map(row -> row.path("index").intValue()))
                .containsExactly(1, 0, 2);
        assertThat(all.path("results").path(0).toString())
                .isEqualTo("{\"index\":1,\"relevance_score\":0.5,\"document\":{\"text\":\"abcd\"}}");
        assertThat(all.path("usage").toString()).isEqualTo("{\"prompt_tokens\":7,\"total_tokens\":7}");
        assertThat(best.path("results").toString()).isEqualTo("[{\"index\":1,\"relevance_score\":0.5}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"documents\": [\"a\"]' | query",
                "'\"query\": \" \", \"documents\": [\"a\"]' | query",
                "'\"query\": \"q\"' | documents",
                "'\"query\": \"q\", \"documents\": [7]' | documents",
                "'\"query\": \"q\", \"documents\": [\"a\"], \"top_n\": 0' | top_n",
            })
    void refusesWhatCannotBeOrdered(String fields, String param) {
        HttpResponse<String> response = rerank(fields);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(ApiUnderTest.json(response).path("error").path("param").stringValue())
                .isEqualTo(param);
    }

    private static HttpResponse<String> rerank(String fields) {
        return api.post("/v1/rerank", "{\"model\": \"fake\", " + fields + "}");
    }

    @Test
    void embeddingsComeAsBase64WhenAskedFor() {
        JsonNode json = ApiUnderTest.json(embed("\"input\": \"abc\", \"encoding_format\": \"base64\""));

        ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder()
                        .decode(json.path("data").path(0).path("embedding").stringValue()))
                .order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.remaining()).isEqualTo(8);
        assertThat(bytes.getFloat()).isEqualTo(0.5f);
        assertThat(bytes.getFloat()).isEqualTo(3f);
    }

    @Test
    void vectorsPerTokenArePooled() {
        JsonNode vector = ApiUnderTest.json(embed("\"input\": \"tokens\""))
                .path("data")
                .path(0)
                .path("embedding");

        assertThat(vector).hasSize(2);
        assertThat(vector.path(0).doubleValue()).isEqualTo(0.6, offset(1e-6));
        assertThat(vector.path(1).doubleValue()).isEqualTo(0.8, offset(1e-6));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'\"input\": []' | input",
                "'\"input\": \"\"' | input",
                "'\"input\": [[]]' | input",
                "'\"input\": [1, \"a\"]' | input",
                "'\"input\": [[1], 2.5]' | input",
                "'\"input\": \"a\", \"encoding_format\": \"hex\"' | encoding_format",
                "'\"input\": \"a\", \"dimensions\": 1' | dimensions",
            })
    void refusesInputsItCannotEmbed(String fields, String param) {
        HttpResponse<String> response = embed(fields);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(ApiUnderTest.json(response).path("error").path("param").stringValue())
                .isEqualTo(param);
    }

    @Test
    void listsTheModelsThatCanBeUsed() {
        JsonNode json = ApiUnderTest.json(api.get("/v1/models"));

        assertThat(json.path("object").stringValue()).isEqualTo("list");
        assertThat(json.path("data").valueStream().map(model -> model.path("id").stringValue()))
                .containsExactly("broken", "fake", "fileless");
        assertThat(ApiUnderTest.json(api.get("/v1/models/fake")).path("object").stringValue())
                .isEqualTo("model");
        assertThat(api.get("/v1/models/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void otherPathsAndMethodsAreErrorsInTheSameShape() {
        HttpResponse<String> path = api.get("/v1/nothing");
        HttpResponse<String> method = api.get("/v1/chat/completions");

        assertThat(path.statusCode()).isEqualTo(404);
        assertThat(ApiUnderTest.json(path).path("error").path("code").stringValue())
                .isEqualTo("unknown_url");
        assertThat(method.statusCode()).isEqualTo(405);
        assertThat(method.headers().firstValue("Allow")).hasValue("OPTIONS, POST");
    }
}
