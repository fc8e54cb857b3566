package dev.slipway.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.slipway.base.Cancellation;
import dev.slipway.protocol.PredictOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class BackendLauncherTest {
    /** One child that ends on request, one that ignores it, and two that left the session, one of them deaf, too. */
    private static final String FAMILY = """
            sleep 1000 & echo $! >>pids
            sh -c 'trap "" TERM; echo $$ >>pids; while :; do sleep 1000; done' &
            setsid sh -c 'echo $$ >>pids; exec sleep 1000' &
            (setsid sh -c 'trap "" TERM; echo $$ >>pids; while :; do sleep 1000; done' &)
            echo $$ >>pids
            """;

    @TempDir
    private Path temporary;

    private BackendFolder folder;
    private final BackendLauncher launcher = new BackendLauncher(BackendFolder.TIMES);

    @BeforeEach
    void makeFolder() {
        folder = new BackendFolder(temporary.resolve("a backend"));
    }

    @Test
    void aBackendIsReadyInItsOwnFolderWithACleanEnvironmentAndLeavesNothing() throws IOException {
        LaunchSpec spec = folder.script("""
                echo $$ >>pids; pwd >pwd; env >env; readlink /proc/self/fd/0 >stdin; echo "$@" >arguments
                """ + FAMILY + BackendFolder.FAKE);

        BackendProcess process = launch(spec);

        assertThat(process.client().health()).isEqualTo("OK");
        assertThat(process.alive()).isTrue();
        assertThat(folder.lines("pwd"))
                .containsExactly(temporary.resolve("a backend").toString());
        assertThat(folder.lines("arguments"))
                .containsExactly("--addr=127.0.0.1:" + process.address().getPort());
        assertThat(folder.lines("stdin")).containsExactly("/dev/null");
        assertThat(folder.lines("env").stream().map(line -> line.split("=", 2)[0]))
                .contains("PATH", "LOCALAI_BACKEND_PARENT_WATCH", "LOCALAI_BACKEND_PARENT_WATCH_INTERVAL")
                .doesNotContain("SLIPWAY_TEST_DATA", "MAVEN_PROJECTBASEDIR", "JAVA_HOME", "MAVEN_OPTS");
        assertThat(process.outputTail()).anyMatch(line -> line.startsWith("fake backend listens"));
        await().untilAsserted(() -> assertThat(folder.running("pids")).hasSizeGreaterThanOrEqualTo(5));

        process.stop();

        assertThat(folder.running("pids")).isEmpty();
        assertThat(BackendFolder.running(process.pid())).isFalse();
        assertThat(process.alive()).isFalse();
        assertThat(folder.lines("frees")).as("asked to free its model first").containsExactly("free");
        assertThat(folder.lines("logs/fake.log")).anyMatch(line -> line.startsWith("fake backend listens"));
        process.stop();
    }

    @Test
    void noProcessSurvivesTheSuddenDeathOfTheServer() throws Exception {
        LaunchSpec spec = folder.script(FAMILY + BackendFolder.FAKE);
        Process server = new ProcessBuilder(
                        BackendFolder.environment().get("FAKE_JAVA"),
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LaunchingParent.class.getName(),
                        String.valueOf(spec.runScript().getParent()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = server.inputReader()) {
            assertThat(output.readLine()).isEqualTo("ready");
            await().untilAsserted(() -> assertThat(folder.running("pids")).hasSize(5));
            List<Long> supervisor = server.children().map(ProcessHandle::pid).toList();
            assertThat(supervisor).hasSize(1);

            server.destroyForcibly();

            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(folder.running("pids")).isEmpty());
            await().untilAsserted(() -> assertThat(supervisor).noneMatch(BackendFolder::running));
        }
    }

    @Test
    void evenTheDeathOfTheSupervisorLeavesNothingBehind() throws IOException {
        BackendProcess process = launch(folder.script(FAMILY + BackendFolder.FAKE));
        await().untilAsserted(() -> assertThat(folder.running("pids")).hasSize(5));
        AtomicBoolean told = new AtomicBoolean();
        process.onExit(() -> told.set(true));

        ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly();

        await().untilTrue(told);
        assertThat(process.alive()).isFalse();
        process.stop();
        assertThat(folder.running("pids")).isEmpty();
    }

    @Test
    void whatABackendForkedEndsWithIt() throws IOException {
        BackendProcess process = launch(folder.script(FAMILY + BackendFolder.FAKE));

        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> process.client()
                        .predict(
                                PredictOptions.newBuilder().setPrompt("crash").build(),
                                Duration.ofSeconds(30),
                                Cancellation.never()))
                .matches(BackendException::gone);

        await().untilAsserted(() -> assertThat(folder.running("pids")).isEmpty());
        process.stop();
    }

    @Test
    void aBackendThatEndsAtOnceIsReportedWithItsLastWords() throws IOException {
        LaunchSpec spec = folder.script("echo $$ >>pids; echo 'no such library: libfoo' >&2; sleep 1000 & exit 3\n");

        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> launch(spec))
                .withMessageContaining("exited with status 3 before it was ready")
                .withMessageContaining("no such library: libfoo")
                .matches(e -> e.code().equals("runtime.start-failed"))
                .matches(e -> e.hint().contains("fake.log"));
        assertThat(folder.lines("pids")).as("it was tried once").hasSize(1);
    }

    @Test
    void aBackendThatIsNeverReadyIsEnded() throws IOException {
        LaunchSpec spec = folder.script("echo 'still thinking'\n" + FAMILY + "wait\n");
        BackendLauncher impatient = new BackendLauncher(
                new LaunchTimes(Duration.ofMillis(700), Duration.ofSeconds(1), Duration.ofSeconds(1)));

        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> impatient.launch(spec, Cancellation.never()))
                .withMessageContaining("still thinking")
                .matches(e -> e.code().equals("runtime.start-timeout"));
        assertThat(folder.running("pids")).isEmpty();
    }

    @Test
    void aPortThatSomebodyElseTookIsReplaced() throws IOException {
        LaunchSpec spec = folder.script("""
                echo "$@" >>arguments
                if [ ! -e second ]; then touch second; echo 'bind: Address already in use'; exit 1; fi
                """ + BackendFolder.FAKE);

        try (BackendProcess process = launch(spec)) {
            assertThat(process.client().health()).isEqualTo("OK");
        }
        assertThat(folder.lines("arguments")).hasSize(2).doesNotHaveDuplicates();
    }

    @Test
    void aStartCanBeCancelled() throws IOException {
        LaunchSpec spec = folder.script("echo $$ >>pids; exec sleep 1000\n");
        Cancellation cancellation = new Cancellation();
        Thread.ofVirtual().start(() -> {
            await().until(() -> !folder.running("pids").isEmpty());
            cancellation.cancel();
        });

        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> launcher.launch(spec, cancellation))
                .matches(e -> e.code().equals("runtime.cancelled"));
        assertThat(folder.running("pids")).isEmpty();
    }

    @Test
    void aMissingScriptIsSaidSo() throws IOException {
        LaunchSpec spec = folder.script("exit 0\n");
        Files.delete(spec.runScript());

        assertThatExceptionOfType(BackendException.class)
                .isThrownBy(() -> launch(spec))
                .withMessageContaining("no such file")
                .matches(e -> e.code().equals("runtime.run-script"));
    }

    private BackendProcess launch(LaunchSpec spec) {
        return launcher.launch(spec, Cancellation.never());
    }
}
