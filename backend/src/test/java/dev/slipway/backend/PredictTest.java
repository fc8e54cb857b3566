package dev.slipway.backend;

import static dev.slipway.backend.RunningBackend.code;
import static dev.slipway.backend.RunningBackend.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.TextEvent;
import dev.slipway.protocol.ChatDelta;
import dev.slipway.protocol.DetokenizeRequest;
import dev.slipway.protocol.DocumentResult;
import dev.slipway.protocol.EmbeddingLayout;
import dev.slipway.protocol.EmbeddingResult;
import dev.slipway.protocol.Message;
import dev.slipway.protocol.MetricsRequest;
import dev.slipway.protocol.MetricsResponse;
import dev.slipway.protocol.ModelMetadataResponse;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.RerankRequest;
import dev.slipway.protocol.RerankResult;
import dev.slipway.protocol.TokenizationResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictTest {
    private final RunningBackend backend = new RunningBackend();
    private FakeEngine engine;

    @BeforeEach
    void load() {
        engine = backend.load();
    }

    @AfterEach
    void stop() {
        backend.close();
    }

    private static PredictOptions.Builder prompt(String text) {
        return PredictOptions.newBuilder().setPrompt(text);
    }

    private static PredictOptions.Builder chat() {
        return PredictOptions.newBuilder()
                .setUseTokenizerTemplate(true)
                .addMessages(Message.newBuilder().setRole("user").setContent("Hello"));
    }

    @Test
    void aWholeAnswerCarriesTextUsageTimesAndReason() {
        Reply reply =
                backend.client().predict(prompt("The capital of France is").build());
        assertThat(reply.getMessage().toStringUtf8()).isEqualTo("Paris is big");
        assertThat(reply.getTokens()).isEqualTo(3);
        assertThat(reply.getPromptTokens()).isEqualTo(7);
        assertThat(reply.getTimingPromptProcessing()).isEqualTo(250.0);
        assertThat(reply.getTimingTokenGeneration()).isEqualTo(1500.0);
        assertThat(reply.getFinishReason()).isEqualTo("stop");
        assertThat(reply.getChatDeltasList()).isEmpty();
    }

    @Test
    void aWholeChatAnswerMergesItsDeltas() {
        engine.script = request -> List.of(
                new TextEvent.Started(9),
                new TextEvent.Reasoning("Hm", 1),
                new TextEvent.Reasoning("m.", 2),
                new TextEvent.Content("Let me", 3),
                new TextEvent.Content(" look.", 4),
                new TextEvent.ToolCall(0, "call-1", "get_weather", "", 5),
                new TextEvent.ToolCall(0, "", "", "{\"location\":", 6),
                new TextEvent.ToolCall(0, "", "", "\"Paris\"}", 7),
                new TextEvent.ToolCall(1, "call-2", "get_time", "{}", 8),
                FakeEngine.finished(TextEvent.FinishReason.TOOL_CALLS, 8));
        Reply reply = backend.client().predict(chat().build());
        assertThat(reply.getMessage().toStringUtf8()).isEqualTo("Let me look.");
        assertThat(reply.getFinishReason()).isEqualTo("tool_calls");
        ChatDelta delta = reply.getChatDeltas(0);
        assertThat(reply.getChatDeltasCount()).isEqualTo(1);
        assertThat(delta.getContent()).isEqualTo("Let me look.");
        assertThat(delta.getReasoningContent()).isEqualTo("Hmm.");
        assertThat(delta.getToolCallsList()).hasSize(2);
        assertThat(delta.getToolCalls(0).getName()).isEqualTo("get_weather");
        assertThat(delta.getToolCalls(0).getId()).isEqualTo("call-1");
        assertThat(delta.getToolCalls(0).getArguments()).isEqualTo("{\"location\":\"Paris\"}");
        assertThat(delta.getToolCalls(1).getName()).isEqualTo("get_time");
    }

    @Test
    void anErrorOfTheEngineKeepsItsMessageAndCode() {
        StatusRuntimeException failure = failure(
                Status.Code.INVALID_ARGUMENT,
                () -> backend.client().predict(prompt("overflow").build()));
        assertThat(failure.getStatus().getDescription()).contains("600 tokens").contains("Shorten it.");
        assertThat(code(failure)).isEqualTo("engine.context-overflow");
    }

    @Test
    void aNumberOutOfRangeIsTheCallersError() {
        StatusRuntimeException failure = failure(
                Status.Code.INVALID_ARGUMENT,
                () -> backend.client().predict(prompt("x").setTopP(2).build()));
        assertThat(code(failure)).isEqualTo("engine.invalid-request");
    }

    @Test
    void anUnsupportedWishIsRefusedByName() {
        StatusRuntimeException failure = failure(
                Status.Code.INVALID_ARGUMENT,
                () -> backend.client().predict(prompt("x").setMirostat(1).build()));
        assertThat(failure.getStatus().getDescription()).contains("Mirostat");
        assertThat(engine.requests).isEmpty();
    }

    @Test
    void embeddingIsOneVectorInTheFinalLayout() {
        EmbeddingResult result = backend.client()
                .embedding(PredictOptions.newBuilder().setEmbeddings("four").build());
        assertThat(result.getEmbeddingsList()).containsExactly(0.5f, 0.5f, 0.5f, 0.5f);
        assertThat(result.getTokens()).isEqualTo(1);
        assertThat(result.getDim()).isEqualTo(4);
        assertThat(result.getPromptTokens()).isEqualTo(4);
        assertThat(result.getLayout()).isEqualTo(EmbeddingLayout.EMBEDDING_LAYOUT_FINAL);
    }

    @Test
    void vectorsOfTokensHaveALayoutOfTheirOwn() {
        EmbeddingResult result = backend.client()
                .embedding(PredictOptions.newBuilder()
                        .addAllEmbeddingTokens(List.of(5, 6, 7))
                        .build());
        assertThat(result.getEmbeddingsCount()).isEqualTo(6);
        assertThat(result.getTokens()).isEqualTo(3);
        assertThat(result.getDim()).isEqualTo(2);
        assertThat(result.getLayout()).isEqualTo(EmbeddingLayout.EMBEDDING_LAYOUT_PER_TOKEN);
    }

    @Test
    void documentsComeBackWithTheBestFirst() {
        RerankRequest.Builder request =
                RerankRequest.newBuilder().setQuery("q").addAllDocuments(List.of("ab", "abcd", "cd", "a"));
        RerankResult all = backend.client().rerank(request.build());
        RerankResult best = backend.client().rerank(request.setTopN(2).build());

        assertThat(all.getResultsList().stream().map(DocumentResult::getIndex)).containsExactly(1, 0, 2, 3);
        assertThat(all.getResults(0).getText()).isEqualTo("abcd");
        assertThat(all.getResults(0).getRelevanceScore()).isEqualTo(0.5f);
        assertThat(all.getUsage().getPromptTokens()).isEqualTo(11);
        assertThat(best.getResultsCount()).isEqualTo(2);
        failure(
                Status.Code.INVALID_ARGUMENT,
                () -> backend.client()
                        .rerank(RerankRequest.newBuilder()
                                .setQuery(" ")
                                .addDocuments("a")
                                .build()));
        failure(
                Status.Code.INVALID_ARGUMENT,
                () -> backend.client()
                        .rerank(RerankRequest.newBuilder().setQuery("q").build()));
    }

    @Test
    void tokensGoThereAndBackWithTheirNumber() {
        TokenizationResponse tokens =
                backend.client().tokenizeString(prompt("zwölf").build());
        assertThat(tokens.getLength()).isEqualTo(5);
        assertThat(tokens.getTokensList()).hasSize(5);
        assertThat(backend.client()
                        .detokenize(DetokenizeRequest.newBuilder()
                                .addAllTokens(tokens.getTokensList())
                                .build())
                        .getContent())
                .isEqualTo("zwölf");
    }

    @Test
    void metadataTellsOfThinkingAndTools() {
        ModelMetadataResponse metadata =
                backend.client().modelMetadata(backend.options().build());
        assertThat(metadata.getSupportsThinking()).isTrue();
        assertThat(metadata.getRenderedTemplate()).contains("Hello");
        assertThat(metadata.getToolFormat().getPerCallStart()).isEqualTo("<tool_call>");
        assertThat(metadata.getToolFormat().getNameField()).isEqualTo("name");
        for (String form : List.of("llama3_json", "mistral", "qwen3_xml")) {
            engine.toolParser = form + ": asked for";
            assertThat(backend.client()
                            .modelMetadata(backend.options().build())
                            .getToolFormat()
                            .getFormatType())
                    .as(form)
                    .isNotEmpty();
        }
        engine.toolParser = "passthrough: the template knows no tools";
        engine.template = "{{ messages }}";
        ModelMetadataResponse plain =
                backend.client().modelMetadata(backend.options().build());
        assertThat(plain.getSupportsThinking()).isFalse();
        assertThat(plain.hasToolFormat()).isFalse();
    }

    @Test
    void metricsAreTheEngines() {
        MetricsResponse metrics = backend.client().getMetrics(MetricsRequest.getDefaultInstance());
        assertThat(metrics.getTokensGenerated()).isEqualTo(3);
        assertThat(metrics.getPromptTokensProcessed()).isEqualTo(7);
        assertThat(metrics.getTokensPerSecond()).isEqualTo(2.5f);
    }

    @Test
    void aPromptOfTenMebibytesPasses() {
        String text = "x".repeat(10 * 1024 * 1024);
        assertThat(backend.client().tokenizeString(prompt(text).build()).getLength())
                .isEqualTo(text.length());
    }
}
