package dev.slipway.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.protocol.BackendGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BackendMainTest {
    private static final int LONG_ENOUGH = 30;
    /** Beyond the largest pid of any system. */
    private static final String NOBODY = "2147483647";

    private static String output(Process process) {
        return process.inputReader().lines().collect(Collectors.joining("\n"));
    }

    /** The port from the line that the backend prints once it listens. */
    private static int port(BufferedReader lines) throws Exception {
        String line = lines.readLine();
        while (line != null && !line.contains("listening on")) {
            line = lines.readLine();
        }
        assertThat(line).isNotNull();
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    @Test
    void aWrongCommandLineEndsWithTheUsage() throws Exception {
        Process process = ChildProcess.start(ChildProcess.backend("--port=1"));
        assertThat(output(process)).contains("--port=1").contains("--addr HOST:PORT");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void aTakenPortEndsWithAnErrorThatNamesIt() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process process = ChildProcess.start(ChildProcess.backend("--addr", "127.0.0.1:" + taken.getLocalPort()));
            assertThat(output(process)).contains(":" + taken.getLocalPort());
            assertThat(process.waitFor()).isEqualTo(7);
        }
    }

    @Test
    void aTermSignalEndsTheBackend() throws Exception {
        Process process = ChildProcess.start(ChildProcess.backend("--addr=127.0.0.1:0"));
        try (BufferedReader lines = process.inputReader()) {
            int port = port(lines);
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .build();
            try {
                assertThat(BackendGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(LONG_ENOUGH, TimeUnit.SECONDS)
                                .health(RunningBackend.NOTHING)
                                .getMessage()
                                .toStringUtf8())
                        .isEqualTo("OK");
            } finally {
                channel.shutdownNow();
            }
            process.destroy();
            assertThat(process.waitFor(LONG_ENOUGH, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(143);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aBackendWhoseParentIsGoneEnds() throws Exception {
        // A shell in between: killed alone, it leaves the backend orphaned.
        String command = ChildProcess.backend("--addr=127.0.0.1:0").stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" "));
        Process shell = ChildProcess.start(
                List.of("/bin/sh", "-c", command + " & wait"), "LOCALAI_BACKEND_PARENT_WATCH_INTERVAL", "50ms");
        try (BufferedReader lines = shell.inputReader()) {
            port(lines);
            ProcessHandle backend = shell.children().findFirst().orElseThrow();
            shell.destroyForcibly().waitFor();
            backend.onExit().get(LONG_ENOUGH, TimeUnit.SECONDS);
            assertThat(backend.isAlive()).isFalse();
        } finally {
            shell.descendants().forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void aBackendThatWasOrphanedBeforeItLookedEnds() throws Exception {
        Process process = ChildProcess.start(ChildProcess.backend("--addr=127.0.0.1:0"), "SLIPWAY_PARENT_PID", NOBODY);
        assertThat(output(process)).contains("gone");
        assertThat(process.waitFor()).isEqualTo(1);
    }

    @Test
    void theWatchCanBeSwitchedOff() throws Exception {
        Process process = ChildProcess.start(
                ChildProcess.backend("--addr=127.0.0.1:0"),
                "SLIPWAY_PARENT_PID",
                NOBODY,
                "LOCALAI_BACKEND_PARENT_WATCH",
                "off");
        try (BufferedReader lines = process.inputReader()) {
            assertThat(port(lines)).isPositive();
            assertThat(process.isAlive()).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }
}
