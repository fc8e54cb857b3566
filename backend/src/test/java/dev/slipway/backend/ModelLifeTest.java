package dev.slipway.backend;

import static dev.slipway.backend.RunningBackend.NOTHING;
import static dev.slipway.backend.RunningBackend.code;
import static dev.slipway.backend.RunningBackend.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.protocol.DetokenizeRequest;
import dev.slipway.protocol.MetricsRequest;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Result;
import dev.slipway.protocol.StatusResponse;
import dev.slipway.protocol.TTSRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Files;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ModelLifeTest {
    private static final PredictOptions PROMPT =
            PredictOptions.newBuilder().setPrompt("The capital of France is").build();

    private final RunningBackend backend = new RunningBackend();

    @AfterEach
    void stop() {
        backend.close();
    }

    @Test
    void healthSaysOkBeforeAnyModelIsLoaded() {
        assertThat(backend.client().health(NOTHING).getMessage().toStringUtf8()).isEqualTo("OK");
    }

    @Test
    void everyCallThatNeedsAModelSaysSoWithoutOne() {
        List<ThrowingCallable> calls = List.of(
                () -> backend.client().predict(PROMPT),
                () -> backend.client().predictStream(PROMPT).hasNext(),
                () -> backend.client().embedding(PROMPT),
                () -> backend.client().tokenizeString(PROMPT),
                () -> backend.client().detokenize(DetokenizeRequest.getDefaultInstance()),
                () -> backend.client().modelMetadata(ModelOptions.getDefaultInstance()),
                () -> backend.client().getMetrics(MetricsRequest.getDefaultInstance()));
        for (ThrowingCallable call : calls) {
            StatusRuntimeException failure = failure(Status.Code.FAILED_PRECONDITION, call);
            assertThat(failure.getStatus().getDescription()).contains("model not loaded");
            assertThat(code(failure)).isEqualTo("backend.model-not-loaded");
        }
    }

    @Test
    void rpcsOfOtherKindsOfBackendAreUnimplemented() {
        failure(Status.Code.UNIMPLEMENTED, () -> backend.client().tTS(TTSRequest.getDefaultInstance()));
    }

    @Test
    void aMissingModelFileFailsTheLoadByName() {
        Result result = backend.client()
                .loadModel(backend.options().setModelFile("/no/such.gguf").build());
        assertThat(result.getSuccess()).isFalse();
        assertThat(result.getMessage()).contains("/no/such.gguf does not exist");
    }

    @Test
    void aRefusedOptionFailsTheLoadByName() {
        Result result = backend.client()
                .loadModel(backend.options().setMMProj("eyes.gguf").build());
        assertThat(result.getSuccess()).isFalse();
        assertThat(result.getMessage()).contains("MMProj");
        assertThat(backend.loads).isEmpty();
    }

    @Test
    void theLoadRequestReachesTheEngine() {
        Result result = backend.client()
                .loadModel(backend.options()
                        .setContextSize(512)
                        .setThreads(4)
                        .setNBatch(128)
                        .setMMap(true)
                        .setNGPULayers(99_999_999)
                        .addOptions("tool_parser:hermes")
                        .addOptions("kernels:scalar")
                        .addOptions("slots:2")
                        .build());
        assertThat(result.getSuccess()).as(result.getMessage()).isTrue();
        assertThat(backend.loads).singleElement().satisfies(load -> {
            assertThat(load.identity()).isEqualTo("tiny");
            assertThat(load.file()).isEqualTo(backend.modelFile());
            assertThat(load.options().contextLength()).isEqualTo(512);
            assertThat(load.options().threads()).isEqualTo(4);
            assertThat(load.options().toolParser()).isEqualTo("hermes");
            assertThat(load.options().provider()).isEqualTo("scalar");
            assertThat(load.options().slots()).isEqualTo(2);
        });
    }

    @Test
    void loadingTheSameModelTwiceKeepsIt() {
        FakeEngine first = backend.load();
        assertThat(backend.load()).isSameAs(first);
        assertThat(first.closed).isFalse();
    }

    @Test
    void aChangedModelFileIsLoadedAgain() throws Exception {
        FakeEngine first = backend.load();
        Files.writeString(backend.modelFile(), "other bytes");
        assertThat(backend.load()).isNotSameAs(first);
        assertThat(first.closed).isTrue();
    }

    @Test
    void anotherModelReplacesTheOneBefore() {
        FakeEngine first = backend.load();
        backend.client().loadModel(backend.options().setModel("other").build());
        assertThat(first.closed).isTrue();
        assertThat(backend.client()
                        .predict(PROMPT.toBuilder().setModelIdentity("other").build())
                        .getMessage()
                        .toStringUtf8())
                .isEqualTo("Paris is big");
    }

    @Test
    void aFailedLoadLeavesTheModelBeforeInPlace() {
        backend.load();
        backend.client()
                .loadModel(backend.options().setModelFile("/no/such.gguf").build());
        assertThat(backend.client().predict(PROMPT).getTokens()).isEqualTo(3);
    }

    @Test
    void freeReleasesTheModel() {
        FakeEngine engine = backend.load();
        assertThat(backend.client().free(NOTHING).getSuccess()).isTrue();
        assertThat(engine.closed).isTrue();
        failure(Status.Code.FAILED_PRECONDITION, () -> backend.client().predict(PROMPT));
        assertThat(backend.client().free(NOTHING).getSuccess()).isTrue();
    }

    @Test
    void aModelFreedDuringAnAnswerEndsItWithAStatus() {
        FakeEngine engine = backend.load();
        engine.gate.drainPermits();
        engine.gate.release(2);
        var replies = backend.client().predictStream(PROMPT);
        assertThat(replies.next().getMessage().toStringUtf8()).isEqualTo("Paris");
        backend.client().free(NOTHING);
        failure(Status.Code.FAILED_PRECONDITION, replies::next);
    }

    @Test
    void anotherIdentityIsAMismatchAndAnEmptyOneIsNot() {
        backend.load();
        StatusRuntimeException failure = failure(
                Status.Code.NOT_FOUND,
                () -> backend.client()
                        .predict(PROMPT.toBuilder().setModelIdentity("other").build()));
        assertThat(failure.getStatus().getDescription()).contains("model identity mismatch");
        assertThat(backend.client()
                        .predict(PROMPT.toBuilder().setModelIdentity("tiny").build())
                        .getTokens())
                .isEqualTo(3);
        assertThat(backend.client().predict(PROMPT).getTokens()).isEqualTo(3);
    }

    @Test
    void statusTellsWhatTheProcessIsDoing() {
        assertThat(backend.client().status(NOTHING).getState()).isEqualTo(StatusResponse.State.UNINITIALIZED);
        FakeEngine engine = backend.load();
        StatusResponse ready = backend.client().status(NOTHING);
        assertThat(ready.getState()).isEqualTo(StatusResponse.State.READY);
        assertThat(ready.getMemory().getBreakdownMap()).containsEntry("model", 4_096L);
        assertThat(ready.getMemory().getTotal()).isEqualTo(4_096L);
        engine.gate.drainPermits();
        engine.gate.release(2);
        var replies = backend.client().predictStream(PROMPT);
        replies.next();
        assertThat(backend.client().status(NOTHING).getState()).isEqualTo(StatusResponse.State.BUSY);
    }
}
