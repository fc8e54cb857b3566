package dev.slipway.runtime.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class SupervisorScriptTest {
    private static final String FORKING = "sleep 1000 & sh -c 'trap \"\" TERM; while :; do sleep 1000; done' & ";

    @TempDir
    private Path bin;

    private final String mark = UUID.randomUUID().toString();

    @ParameterizedTest
    @ValueSource(strings = {"setsid grep", "grep", "setsid"})
    void theEndOfThePipeEndsAllThatWasForked(String programs) throws Exception {
        Process supervisor = start(programs, FORKING + "echo started; sleep 1000");
        if (!programs.contains("setsid")) {
            assertThat(supervisor.inputReader().readLine()).contains("has no 'setsid'");
        }
        assertThat(supervisor.inputReader().readLine()).isEqualTo("started");
        assertThat(MarkedProcesses.find(mark)).isNotEmpty();

        supervisor.getOutputStream().close();

        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(MarkedProcesses.find(mark)).isEmpty();
    }

    @Test
    void theStatusIsTheBackendsAndItsChildrenEndWithIt() throws Exception {
        Process supervisor = start("setsid grep", FORKING + "exit 7");

        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.exitValue()).isEqualTo(7);
        assertThat(MarkedProcesses.find(mark)).isEmpty();
    }

    @Test
    void aSignalToTheSupervisorReachesTheBackend() throws Exception {
        Process supervisor = start("setsid grep", "trap 'exit 5' TERM; echo started; while :; do sleep 0.1; done");
        assertThat(supervisor.inputReader().readLine()).isEqualTo("started");

        // Not Process.destroy, which closes the pipes, too.
        supervisor.toHandle().destroy();

        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.exitValue()).isEqualTo(5);
    }

    /** Starts the script on a host that has these programs and what it cannot do without. */
    private Process start(String programs, String command) throws IOException {
        List<String> all = new ArrayList<>(List.of("sh", "sleep", "env"));
        all.addAll(List.of(programs.split(" ")));
        for (String program : all) {
            Files.createSymbolicLink(bin.resolve(program), find(program));
        }
        String script;
        try (InputStream in = SupervisedProcess.class.getResourceAsStream("supervisor.sh")) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        ProcessBuilder builder = new ProcessBuilder(
                        "/bin/sh", "-c", script, "slipway-supervisor", "1", mark, "/bin/sh", "-c", command)
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", bin.toString());
        return builder.start();
    }

    private static Path find(String program) {
        return List.of("/usr/bin", "/bin").stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }
}
