package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.Tasks;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.runtime.ModelState.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ModelRouterTest {
    @TempDir
    private Path temporary;

    private final AtomicInteger provided = new AtomicInteger();
    private BackendFolder folder;
    private ModelRouter router;

    @BeforeEach
    void open() throws IOException {
        folder = new BackendFolder(temporary);
        Path script = folder.script("echo $$ >>pids\n" + BackendFolder.FAKE).runScript();
        router = new ModelRouter(
                new BackendLauncher(BackendFolder.TIMES),
                (backend, cancellation) -> {
                    provided.incrementAndGet();
                    return script;
                },
                new RouterOptions(
                        temporary.resolve("logs"),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(2)));
    }

    @AfterEach
    void close() throws IOException {
        router.close();
        assertThat(folder.running("pids")).isEmpty();
    }

    @Test
    void requestsForOneModelShareOneLoadAndItsSlots() throws IOException {
        ModelSpec spec = spec("m", "good", 4);
        List<Callable<ModelLease>> requests = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            requests.add(() -> lease(spec));
        }

        List<ModelLease> leases = Tasks.runAll(requests, 4, Cancellation.never());

        assertThat(folder.lines("pids")).hasSize(1);
        assertThat(folder.lines("loads")).containsExactly("good");
        assertThat(leases.stream().map(ModelLease::process).distinct()).hasSize(1);
        ModelState state = router.states().getFirst();
        assertThat(state.phase()).isEqualTo(Phase.READY);
        assertThat(state.used()).isEqualTo(4);

        Cancellation cancellation = new Cancellation();
        Thread.ofVirtual().start(() -> {
            await().until(() -> router.states().getFirst().waiting() == 1);
            cancellation.cancel();
        });
        assertThatExceptionOfType(BackendException.class)
                .as("a fifth waits")
                .isThrownBy(() -> router.lease(spec, cancellation))
                .matches(e -> e.kind() == ErrorKind.CANCELLED);

        Thread.ofVirtual().start(() -> {
            await().until(() -> router.states().getFirst().waiting() == 1);
            leases.getFirst().close();
            leases.getFirst().close();
        });
        lease(spec).close();
        assertThat(router.states().getFirst().used()).isEqualTo(3);
        leases.forEach(ModelLease::close);
        assertThat(router.states().getFirst().used()).isZero();
    }

    @Test
    void theNextRequestAfterACrashStartsTheBackendAgain() throws IOException {
        ModelSpec spec = spec("m", "good", 1);
        try (ModelLease lease = lease(spec)) {
            assertThatExceptionOfType(BackendException.class)
                    .isThrownBy(() -> predict(lease, "crash"))
                    .withMessageContaining("exited with status 42")
                    .matches(e -> e.output().contains("about to crash"))
                    .matches(BackendException::gone);
        }

        try (ModelLease lease = lease(spec)) {
            assertThat(predict(lease, "again")).isEqualTo("again");
        }
        assertThat(folder.lines("pids")).hasSize(2);
        await().untilAsserted(() -> assertThat(router.states()).hasSize(1));
    }

    @Test
    void aProcessThatEndsBetweenRequestsIsForgottenAtOnce() throws IOException {
        ModelSpec spec = spec("m", "good", 1);
        long supervisor;
        try (ModelLease lease = lease(spec)) {
            supervisor = lease.process().pid();
        }

        ProcessHandle.of(supervisor).orElseThrow().destroyForcibly();

        await().untilAsserted(() -> assertThat(router.states()).isEmpty());
        assertThat(folder.running("pids"))
                .as("the backend outlived its supervisor")
                .isEmpty();
        lease(spec).close();
    }

    @Test
    void aFailedLoadIsAnsweredForAShortWhileAndThenTriedAgain() throws IOException {
        ModelSpec spec = spec("m", "bad", 1);

        for (int i = 0; i < 3; i++) {
            assertThatExceptionOfType(BackendException.class)
                    .isThrownBy(() -> lease(spec))
                    .withMessageContaining("this model is no good")
                    .matches(e -> e.code().equals("runtime.load-failed"));
        }
        assertThat(provided).hasValue(1);
        assertThat(router.states().getFirst().phase()).isEqualTo(Phase.FAILED);
        assertThat(router.states().getFirst().problem().orElseThrow()).contains("no good");
        await().untilAsserted(() -> assertThat(folder.running("pids")).isEmpty());

        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThatExceptionOfType(BackendException.class).isThrownBy(() -> lease(spec));
            assertThat(provided).hasValueGreaterThan(1);
        });
    }

    @Test
    void unloadingWaitsForRunningRequests() throws IOException {
        ModelSpec spec = spec("m", "good", 2);
        try (ModelLease lease = lease(spec)) {
            assertThat(router.unload("m")).isTrue();
            assertThat(router.unload("m")).isFalse();
            assertThat(router.states().getFirst().phase()).isEqualTo(Phase.STOPPING);
            assertThat(predict(lease, "still here")).isEqualTo("still here");
        }
        await().untilAsserted(() -> assertThat(router.states()).isEmpty());
        assertThat(folder.running("pids")).isEmpty();
        assertThat(folder.lines("frees")).containsExactly("free");
    }

    @Test
    void aChangedModelGetsANewProcessAndSeveralEndTogether() throws IOException {
        ModelLease old = lease(spec("m", "good", 1));
        ModelLease changed = lease(spec("m", "better", 1));
        ModelLease other = lease(spec("a/b", "good", 1));

        assertThat(changed.process()).isNotEqualTo(old.process());
        assertThat(folder.lines("loads")).containsExactly("good", "better", "good");
        assertThat(router.states()).extracting(ModelState::phase).contains(Phase.STOPPING, Phase.READY);
        router.close();

        assertThat(folder.running("pids")).isEmpty();
        assertThat(router.states()).isEmpty();
        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> lease(spec("m", "good", 1)))
                .matches(e -> e.code().equals("runtime.closed"));
        other.close();
        changed.close();
        old.close();
    }

    @Test
    void closingWhileAModelLoadsEndsTheLoad() throws IOException {
        folder.script("echo $$ >>pids; exec sleep 1000\n");
        Thread waiting = Thread.ofVirtual()
                .start(() -> assertThatExceptionOfType(BackendException.class)
                        .isThrownBy(() -> lease(spec("m", "good", 1))));
        await().untilAsserted(() -> assertThat(folder.running("pids")).hasSize(1));

        router.close();

        assertThat(folder.running("pids")).isEmpty();
        await().until(() -> !waiting.isAlive());
    }

    private ModelLease lease(ModelSpec spec) {
        return router.lease(spec, Cancellation.never());
    }

    private static ModelSpec spec(String name, String model, int slots) {
        return new ModelSpec(
                name, "fake", ModelOptions.newBuilder().setModel(model).build(), slots, BackendFolder.environment());
    }

    private static String predict(ModelLease lease, String prompt) {
        return lease.client()
                .predict(
                        PredictOptions.newBuilder().setPrompt(prompt).build(),
                        Duration.ofSeconds(30),
                        Cancellation.never())
                .getMessage()
                .toStringUtf8();
    }
}
