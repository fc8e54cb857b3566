package dev.slipway.runtime.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A process with all that it forks, under a small shell program ({@code supervisor.sh}) that ends them when this
 * program ends, even by SIGKILL: the shell waits for the end of a pipe that only this program holds open.
 */
public final class SupervisedProcess {
    private static final System.Logger LOG = System.getLogger(SupervisedProcess.class.getName());
    private static final String SUPERVISOR = resource("supervisor.sh");
    private static final Path BASH = find("bash");
    private static final Path SETSID = find("setsid");

    /** How long the supervisor may take beyond the grace that it gives to the backend. */
    private static final Duration SUPERVISOR_SLACK = Duration.ofSeconds(3);

    private final Process process;
    private final OutputLog output;
    private final Duration grace;
    private final String mark;

    private SupervisedProcess(Process process, OutputLog output, Duration grace, String mark) {
        this.process = process;
        this.output = output;
        this.grace = grace;
        this.mark = mark;
    }

    /**
     * Starts a command in a folder with exactly this environment.
     *
     * @param grace between SIGTERM and SIGKILL, rounded up to whole seconds
     */
    public static SupervisedProcess start(
            List<String> command, Path folder, Map<String, String> environment, Path logFile, Duration grace)
            throws IOException {
        String mark = UUID.randomUUID().toString();
        List<String> line = new ArrayList<>();
        line.addAll(shell());
        line.addAll(List.of("-c", SUPERVISOR, "slipway-supervisor"));
        line.add(Long.toString((grace.toMillis() + 999) / 1000));
        line.add(mark);
        line.addAll(command);
        ProcessBuilder builder =
                new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String name = folder.getFileName() + " (pid " + process.pid() + ")";
        return new SupervisedProcess(process, OutputLog.start(logFile, process.getInputStream(), name), grace, mark);
    }

    /** The supervisor's process id. */
    public long pid() {
        return process.pid();
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** The exit status of the backend; 128 + n when signal n ended it. Only for a process that is not alive. */
    public int exitStatus() {
        return process.exitValue();
    }

    /** Runs an action when the process has ended, on a thread of its own. */
    public void onExit(Runnable action) {
        Thread.ofVirtual().name("exit of " + process.pid()).start(() -> {
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                return;
            }
            action.run();
        });
    }

    /** Waits for the end; returns whether it came. */
    public boolean awaitExit(Duration patience) {
        try {
            return process.waitFor(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The last lines that the process wrote. */
    public List<String> outputTail() {
        if (!alive()) {
            output.awaitEnd(Duration.ofMillis(500));
        }
        return output.tail();
    }

    /** Ends the process and all that it forked: SIGTERM, and SIGKILL after the grace. Returns when none is left. */
    public void stop() {
        List<ProcessHandle> descendants = descendants();
        closePipe();
        if (!awaitExit(grace.plus(SUPERVISOR_SLACK))) {
            LOG.log(Level.DEBUG, "supervisor {0} does not end by itself", process.pid());
        }
        forceEnd(descendants);
    }

    /** Ends the process and all that it forked at once. */
    public void kill() {
        List<ProcessHandle> descendants = descendants();
        descendants.forEach(ProcessHandle::destroyForcibly);
        closePipe();
        awaitExit(SUPERVISOR_SLACK);
        forceEnd(descendants);
    }

    private List<ProcessHandle> descendants() {
        try (Stream<ProcessHandle> handles = process.descendants()) {
            return handles.toList();
        }
    }

    /** What the supervisor could not do, because it was itself ended by force. */
    private void forceEnd(List<ProcessHandle> descendants) {
        process.destroyForcibly();
        descendants.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
        MarkedProcesses.find(mark).forEach(ProcessHandle::destroyForcibly);
        awaitExit(SUPERVISOR_SLACK);
        output.awaitEnd(Duration.ofSeconds(1));
    }

    private void closePipe() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "the supervisor had already ended", e);
        }
    }

    /** Shells without job control need a session of their own to be out of reach of a Ctrl-C in the server's terminal. */
    private static List<String> shell() {
        if (!BASH.toString().isEmpty()) {
            return List.of(BASH.toString());
        }
        return SETSID.toString().isEmpty() ? List.of("/bin/sh") : List.of(SETSID.toString(), "/bin/sh");
    }

    private static Path find(String program) {
        for (String folder :
                System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":", -1)) {
            Path candidate = Path.of(folder.isEmpty() ? "." : folder, program);
            if (Files.isExecutable(candidate)) {
                return candidate.toAbsolutePath();
            }
        }
        return Path.of("");
    }

    private static String resource(String name) {
        try (InputStream in = SupervisedProcess.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new AssertionError(name + " is missing from the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
