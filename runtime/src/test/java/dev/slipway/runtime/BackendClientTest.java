package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BackendClientTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    private static Path temporary;

    private static BackendFolder folder;
    private static BackendProcess process;
    private static BackendClient client;

    @BeforeAll
    static void start() throws IOException {
        folder = new BackendFolder(temporary);
        process = new BackendLauncher(BackendFolder.TIMES)
                .launch(folder.script(BackendFolder.FAKE), Cancellation.never());
        client = process.client();
    }

    @AfterAll
    static void stop() {
        process.stop();
    }

    @Test
    void callsAnswer() {
        assertThat(predict("hello").getMessage().toStringUtf8()).isEqualTo("hello");
        client.load(ModelOptions.newBuilder().setModel("good").build(), LONG, Cancellation.never());
    }

    @Test
    void aModelThatCannotBeLoadedIsAnErrorWithTheBackendsWords() {
        ModelOptions bad = ModelOptions.newBuilder().setModel("bad").build();

        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> client.load(bad, LONG, Cancellation.never()))
                .withMessageContaining("this model is no good")
                .matches(e -> e.code().equals("runtime.load-failed"));
    }

    @Test
    void theBackendsOwnCodeAndSentenceReachTheCaller() {
        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> predict("overflow"))
                .withMessage("The prompt has 600 tokens, and 512 fit.")
                .matches(e -> e.code().equals("engine.context-overflow"))
                .matches(e -> e.kind() == ErrorKind.INVALID);
    }

    @Test
    void statusesBecomeErrorsThatCallersCanActOn() {
        expect("NOT_FOUND", "runtime.model-identity", ErrorKind.NOT_FOUND);
        expect("FAILED_PRECONDITION", "runtime.model-not-loaded", ErrorKind.INVALID);
        expect("UNIMPLEMENTED", "runtime.unsupported", ErrorKind.INVALID);
        expect("INVALID_ARGUMENT", "runtime.invalid-request", ErrorKind.INVALID);
        expect("RESOURCE_EXHAUSTED", "runtime.exhausted", ErrorKind.EXHAUSTED);
        expect("INTERNAL", "runtime.backend-failed", ErrorKind.FAILURE);
        expect("UNAVAILABLE", "runtime.unavailable", ErrorKind.UNREACHABLE);
        assertThat(process.alive()).as("saying no is not dying").isTrue();
        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> client.metrics())
                .withMessageContaining("does not offer GetMetrics");
    }

    @Test
    void aStreamGivesAllRepliesAndEnds() {
        List<String> texts = new ArrayList<>();
        try (BackendStream<Reply> replies =
                client.predictStream(PredictOptions.newBuilder().setTokens(500).build(), LONG)) {
            replies.forEachRemaining(reply -> texts.add(reply.getMessage().toStringUtf8()));
        }
        assertThat(texts).hasSize(500).startsWith("0 ", "1 ").endsWith("499 ");
    }

    @Test
    void closingAStreamStopsTheBackend() throws IOException {
        try (BackendStream<Reply> replies = client.predictStream(
                PredictOptions.newBuilder().setPrompt("endless").build(), LONG)) {
            assertThat(replies.next().getMessage().toStringUtf8()).isEqualTo("first");
        }
        await().untilAsserted(() -> assertThat(folder.lines("cancelled")).contains("endless"));
    }

    @Test
    void aStreamThatSaysNothingForTooLongIsGivenUp() {
        try (BackendStream<Reply> replies = client.predictStream(
                PredictOptions.newBuilder().setPrompt("endless").build(), Duration.ofMillis(300))) {
            replies.next();
            assertThatExceptionOfType(BackendException.class)
                    .isThrownBy(replies::hasNext)
                    .matches(e -> e.code().equals("runtime.deadline"));
        }
    }

    @Test
    void aCallCanBeCancelledAndHasADeadline() throws IOException {
        PredictOptions hang = PredictOptions.newBuilder().setPrompt("hang").build();
        Cancellation cancellation = new Cancellation();
        Thread.ofVirtual().start(() -> {
            predict("one call later");
            cancellation.cancel();
        });

        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> client.predict(hang, LONG, cancellation))
                .matches(e -> e.kind() == ErrorKind.CANCELLED);
        await().untilAsserted(() -> assertThat(folder.lines("cancelled")).contains("hang"));
        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> client.predict(hang, Duration.ofMillis(200), Cancellation.never()))
                .matches(e -> e.code().equals("runtime.deadline"));
    }

    @Test
    void aCrashInTheMiddleOfAStreamIsToldAfterWhatCame() throws IOException {
        Path elsewhere = temporary.resolve("crashing");
        BackendProcess doomed = new BackendLauncher(BackendFolder.TIMES)
                .launch(new BackendFolder(elsewhere).script(BackendFolder.FAKE), Cancellation.never());
        try (doomed;
                BackendStream<Reply> replies = doomed.client()
                        .predictStream(
                                PredictOptions.newBuilder()
                                        .setPrompt("crash")
                                        .setTokens(0)
                                        .build(),
                                LONG)) {
            assertThatExceptionOfType(BackendException.class)
                    .isThrownBy(replies::hasNext)
                    .withMessageContaining("exited with status 43")
                    .matches(BackendException::gone)
                    .matches(e -> e.output().contains("fake backend listens"));
            assertThat(doomed.alive()).isFalse();
        }
    }

    private static void expect(String status, String code, ErrorKind kind) {
        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> predict("status " + status))
                .matches(e -> e.code().equals(code), code)
                .matches(e -> e.kind() == kind, kind.name());
    }

    private static Reply predict(String prompt) {
        return client.predict(PredictOptions.newBuilder().setPrompt(prompt).build(), LONG, Cancellation.never());
    }
}
