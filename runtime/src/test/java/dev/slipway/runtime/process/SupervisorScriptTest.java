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
    @ValueSource(strings = {"bash grep", "bash", "setsid grep", "grep", "setsid"})
    void theEndOfThePipeEndsAllThatWasForked(String programs) throws Exception {
        Process supervisor = start(programs, FORKING + "echo started; sleep 1000");
        if (programs.equals("grep")) {
            assertThat(supervisor.inputReader().readLine()).contains("has no 'setsid'");
        }
        assertThat(supervisor.inputReader().readLine()).isEqualTo("started");
        assertThat(MarkedProcesses.find(mark)).isNotEmpty();

        supervisor.getOutputStream().close();

        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(MarkedProcesses.find(mark)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash grep", "setsid grep"})
    void theStatusIsTheBackendsAndItsChildrenEndWithIt(String programs) throws Exception {
        Process supervisor = start(programs, FORKING + "exit 7");

        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.exitValue()).isEqualTo(7);
        assertThat(MarkedProcesses.find(mark)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash grep", "setsid grep"})
    void aSignalToTheSupervisorReachesTheBackend(String programs) throws Exception {
        Process supervisor = start(programs, "trap 'exit 5' TERM; echo started; while :; do sleep 0.1; done");
        assertThat(supervisor.inputReader().readLine()).isEqualTo("started");

        // Not Process.destroy, which closes the pipes, too.
        supervisor.toHandle().destroy();

        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(supervisor.exitValue()).isEqualTo(5);
    }

    @Test
    void theBackendSharesTheProcessorWithTheServerButNotItsSignals() throws Exception {
        Process supervisor = start("bash cut", "cut -d ' ' -f 5,6 /proc/$$/stat; sleep 1000");
        String[] groupAndSession = supervisor.inputReader().readLine().split(" ");
        List<String> own =
                List.of(Files.readString(Path.of("/proc/self/stat")).split(" ")).subList(4, 6);

        // Linux shares the processor between sessions first, whatever runs in them.
        assertThat(groupAndSession[1]).isEqualTo(own.get(1));
        assertThat(groupAndSession[0]).isNotEqualTo(own.get(0));

        // What Ctrl-C sends to every process of the terminal's foreground group.
        new ProcessBuilder("/bin/kill", "-INT", Long.toString(supervisor.pid()))
                .start()
                .waitFor();
        assertThat(supervisor.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
        supervisor.getOutputStream().close();
        assertThat(supervisor.waitFor(30, TimeUnit.SECONDS)).isTrue();
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
        String shell = all.contains("bash") ? find("bash").toString() : "/bin/sh";
        ProcessBuilder builder = new ProcessBuilder(
                        shell, "-c", script, "slipway-supervisor", "1", mark, "/bin/sh", "-c", command)
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
