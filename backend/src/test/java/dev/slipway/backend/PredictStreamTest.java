package dev.slipway.backend;

import static dev.slipway.backend.RunningBackend.NOTHING;
import static dev.slipway.backend.RunningBackend.code;
import static dev.slipway.backend.RunningBackend.failure;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.slipway.engine.Prompt;
import dev.slipway.engine.TextEvent;
import dev.slipway.engine.TokenLogprob;
import dev.slipway.protocol.ChatDelta;
import dev.slipway.protocol.Message;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PredictStreamTest {
    private static final PredictOptions PROMPT =
            PredictOptions.newBuilder().setPrompt("Once upon a time").build();
    private static final PredictOptions CHAT = PredictOptions.newBuilder()
            .setUseTokenizerTemplate(true)
            .addMessages(Message.newBuilder().setRole("user").setContent("Hello"))
            .build();

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

    private List<Reply> stream(PredictOptions options) {
        List<Reply> replies = new ArrayList<>();
        backend.client().predictStream(options).forEachRemaining(replies::add);
        return replies;
    }

    @Test
    void rawPromptsStreamTextAlone() {
        List<Reply> replies = stream(PROMPT);
        assertThat(replies.stream().map(Reply::getMessage).map(ByteString::toStringUtf8))
                .containsExactly("Paris", " is", " big", "");
        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply.getChatDeltasList()).isEmpty());
        assertThat(replies.stream().map(Reply::getTokens)).containsExactly(1, 2, 3, 3);
        assertThat(replies)
                .allSatisfy(reply -> assertThat(reply.getPromptTokens()).isEqualTo(7));
    }

    private static TokenLogprob token(String text, double logprob, TokenLogprob... others) {
        return new TokenLogprob(1, text.getBytes(StandardCharsets.UTF_8), logprob, List.of(others));
    }

    private static final List<TextEvent> LIKELY = List.of(
            new TextEvent.Started(7),
            new TextEvent.Logprobs(List.of(token("ü", -0.5, token("ü", -0.5), token("u", -1))), 1),
            new TextEvent.Content("ü", 1),
            new TextEvent.Logprobs(List.of(token("b", -0.25)), 2),
            new TextEvent.Content("b", 2),
            new TextEvent.Logprobs(List.of(token("c", Double.NEGATIVE_INFINITY)), 3),
            FakeEngine.finished(TextEvent.FinishReason.LENGTH, 3));

    private static final String FIRST = "{\"token\":\"ü\",\"logprob\":-0.5,\"bytes\":[195,188],\"top_logprobs\":["
            + "{\"token\":\"ü\",\"logprob\":-0.5,\"bytes\":[195,188]},"
            + "{\"token\":\"u\",\"logprob\":-1.0,\"bytes\":[117]}]}";
    private static final String SECOND = "{\"token\":\"b\",\"logprob\":-0.25,\"bytes\":[98],\"top_logprobs\":[]}";
    private static final String THIRD = "{\"token\":\"c\",\"logprob\":-9999.0,\"bytes\":[99],\"top_logprobs\":[]}";

    @Test
    void logProbabilitiesComeWithTheTextOfTheirTokens() {
        engine.script = request -> LIKELY;
        assertThat(stream(PROMPT).stream().map(Reply::getLogprobs).map(ByteString::toStringUtf8))
                .containsExactly(
                        "{\"content\":[" + FIRST + "]}",
                        "{\"content\":[" + SECOND + "]}",
                        "{\"content\":[" + THIRD + "]}");
        assertThat(backend.client().predict(PROMPT).getLogprobs().toStringUtf8())
                .isEqualTo("{\"content\":[" + FIRST + "," + SECOND + "," + THIRD + "]}");
    }

    @Test
    void theLastReplyCarriesUsageTimesAndReason() {
        engine.script = request -> List.of(
                new TextEvent.Started(7),
                new TextEvent.Content("a", 1),
                FakeEngine.finished(TextEvent.FinishReason.LENGTH, 1));
        Reply last = stream(PROMPT).getLast();
        assertThat(last.getTokens()).isEqualTo(1);
        assertThat(last.getPromptTokens()).isEqualTo(7);
        assertThat(last.getCachedPromptTokens()).isEqualTo(4);
        assertThat(last.getLeftOutPromptTokens()).isEqualTo(2);
        assertThat(last.getTimingPromptProcessing()).isEqualTo(250.0);
        assertThat(last.getTimingTokenGeneration()).isEqualTo(1500.0);
        assertThat(last.getFinishReason()).isEqualTo("length");
    }

    @Test
    void chatsStreamDeltasBesideTheText() {
        engine.script = request -> List.of(
                new TextEvent.Started(7),
                new TextEvent.Reasoning("Hm.", 1),
                new TextEvent.Content("Hi", 2),
                new TextEvent.ToolCall(0, "call-1", "get_weather", "{", 3),
                new TextEvent.ToolCall(0, "", "", "}", 4),
                FakeEngine.finished(TextEvent.FinishReason.TOOL_CALLS, 4));
        List<Reply> replies = stream(CHAT);
        assertThat(replies.stream().map(Reply::getMessage).map(ByteString::toStringUtf8))
                .containsExactly("", "Hi", "", "", "");
        List<ChatDelta> deltas = replies.stream()
                .flatMap(reply -> reply.getChatDeltasList().stream())
                .toList();
        assertThat(deltas.stream().map(ChatDelta::getReasoningContent)).containsExactly("Hm.", "", "", "");
        assertThat(deltas.stream().map(ChatDelta::getContent)).containsExactly("", "Hi", "", "");
        assertThat(deltas.get(2).getToolCalls(0).getName()).isEqualTo("get_weather");
        assertThat(deltas.get(2).getToolCalls(0).getId()).isEqualTo("call-1");
        assertThat(deltas.get(3).getToolCalls(0).getArguments()).isEqualTo("}");
        assertThat(replies.getLast().getFinishReason()).isEqualTo("tool_calls");
    }

    @Test
    void aFailureMidwayEndsWithAStatusAfterWholeReplies() {
        engine.script = request -> List.of(new TextEvent.Started(7), new TextEvent.Content("Paris", 1));
        Iterator<Reply> replies = backend.client().predictStream(PROMPT);
        assertThat(replies.next().getMessage().toStringUtf8()).isEqualTo("Paris");
        StatusRuntimeException failure = failure(Status.Code.INTERNAL, replies::next);
        assertThat(code(failure)).isEqualTo("engine.broken");
    }

    @Test
    void aClientThatLeavesStopsTheGenerationAtTheNextToken() throws Exception {
        engine.gate.drainPermits();
        engine.gate.release(2);
        Context.CancellableContext context = Context.current().withCancellation();
        Iterator<Reply> replies = context.call(() -> backend.client().predictStream(PROMPT));
        assertThat(replies.next().getMessage().toStringUtf8()).isEqualTo("Paris");
        context.cancel(null);
        assertThat(engine.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
        engine.gate.release(FakeEngine.OPEN);
        backend.client().free(NOTHING);
        // What had begun when the cancellation came may end; nothing new begins.
        assertThat(engine.produced.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void aWholeAnswerThatNobodyWaitsForIsStoppedToo() throws Exception {
        engine.gate.drainPermits();
        failure(
                Status.Code.DEADLINE_EXCEEDED,
                () -> backend.client()
                        .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
                        .predict(PROMPT));
        assertThat(engine.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void healthAnswersWhileAnswersAreBeingGenerated() {
        engine.gate.drainPermits();
        engine.gate.release(2);
        Iterator<Reply> replies = backend.client().predictStream(PROMPT);
        replies.next();
        for (int i = 0; i < 20; i++) {
            assertThat(backend.client()
                            .withDeadlineAfter(5, TimeUnit.SECONDS)
                            .health(NOTHING)
                            .getMessage()
                            .toStringUtf8())
                    .isEqualTo("OK");
        }
        engine.gate.release(FakeEngine.OPEN);
        replies.forEachRemaining(reply -> {});
    }

    @Test
    void twoStreamsInterleave() {
        Map<String, Semaphore> gates = Map.of("a", new Semaphore(0), "b", new Semaphore(0));
        engine.gates = request -> gates.get(((Prompt.Raw) request.prompt()).text());
        Map<String, Iterator<Reply>> streams = new HashMap<>();
        gates.forEach((prompt, gate) -> {
            streams.put(
                    prompt,
                    backend.client()
                            .predictStream(PredictOptions.newBuilder()
                                    .setPrompt(prompt)
                                    .build()));
            // The event that says that the prompt has been read; it has no reply.
            gate.release();
        });
        for (String text : List.of("Paris", " is", " big", "")) {
            gates.forEach((prompt, gate) -> {
                gate.release();
                assertThat(streams.get(prompt).next().getMessage().toStringUtf8())
                        .isEqualTo(text);
            });
        }
    }

    @Test
    void aClientThatReadsSlowlyLosesNothing() {
        String[] words = new String[3_000];
        Arrays.setAll(words, i -> i + " ".repeat(200));
        engine.script = request -> FakeEngine.words(words);
        List<Reply> replies = stream(PROMPT);
        assertThat(replies).hasSize(words.length + 1);
        assertThat(replies.get(2_999).getMessage().toStringUtf8()).startsWith("2999");
    }
}
