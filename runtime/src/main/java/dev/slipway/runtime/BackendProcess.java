package dev.slipway.runtime;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.runtime.process.LoopbackPort;
import dev.slipway.runtime.process.SupervisedProcess;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** A running backend: its address, its one client, and its end. */
public final class BackendProcess implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(BackendProcess.class.getName());
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(100);
    private static final Duration CONNECT_PATIENCE = Duration.ofMillis(500);
    private static final Duration DYING_PATIENCE = Duration.ofMillis(500);
    /** How many of the last lines an error message quotes. */
    private static final int QUOTED_LINES = 12;

    private final LaunchSpec spec;
    private final LaunchTimes times;
    private final InetSocketAddress address;
    private final SupervisedProcess process;
    private final BackendClient client;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private volatile boolean gone;
    private volatile boolean endedByItself;

    BackendProcess(LaunchSpec spec, LaunchTimes times, InetSocketAddress address, SupervisedProcess process) {
        this.spec = spec;
        this.times = times;
        this.address = address;
        this.process = process;
        this.client = BackendClient.to(address, new Peer());
    }

    /** The backend's name. */
    public String name() {
        return spec.name();
    }

    /** Where it listens, always on the loopback address. */
    public InetSocketAddress address() {
        return address;
    }

    /** The id of the process that supervises it; the backend is its child. */
    public long pid() {
        return process.pid();
    }

    /** The client that all callers share. */
    public BackendClient client() {
        return client;
    }

    /** Whether it can still be called. */
    public boolean alive() {
        return !gone && !stopping.get() && process.alive();
    }

    /** The last lines that it wrote, oldest first. */
    public List<String> outputTail() {
        return process.outputTail();
    }

    /** Runs an action once the process has ended, for whatever reason, on a thread of its own. */
    public void onExit(Runnable action) {
        process.onExit(action);
    }

    /**
     * Asks the backend to free its model, then ends it and all that it forked. Returns when none is left; further calls
     * wait for the same end.
     */
    public void stop() {
        noteOwnEnd();
        if (stopping.compareAndSet(false, true) && process.alive() && !gone) {
            try {
                client.free(times.free());
            } catch (BackendException e) {
                LOG.log(Level.DEBUG, "Free before the stop", e);
            }
        }
        client.close();
        process.stop();
    }

    /** {@link #stop}. */
    @Override
    public void close() {
        stop();
    }

    /** Ends it at once, without asking. */
    void kill() {
        noteOwnEnd();
        stopping.set(true);
        client.close();
        process.kill();
    }

    /** Waits until {@code Health} answers {@code OK}; fails at once when the process ends. */
    void awaitReady(Cancellation cancellation) {
        long deadline = System.nanoTime() + times.ready().toNanos();
        Duration pause = FIRST_PAUSE;
        String last = "nothing listens on " + address.getPort();
        while (true) {
            if (LoopbackPort.listening(address, CONNECT_PATIENCE)) {
                last = healthAnswer(deadline);
                if (last.equals("OK") && process.alive()) {
                    return;
                }
            }
            if (cancellation.isCancelled()) {
                throw BackendException.cancelled("The start of backend " + name());
            }
            if (process.awaitExit(pause)) {
                throw endedBeforeReady();
            }
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (!left.isPositive()) {
                throw notReady(last);
            }
            pause = pause.multipliedBy(5).dividedBy(4).compareTo(LONGEST_PAUSE) < 0
                    ? pause.multipliedBy(5).dividedBy(4)
                    : LONGEST_PAUSE;
        }
    }

    private String healthAnswer(long deadline) {
        Duration left = Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
        Duration most = Duration.ofSeconds(10);
        try {
            client.connectNow();
            return client.health(left.compareTo(most) < 0 ? left : most);
        } catch (BackendException e) {
            return e.getMessage();
        }
    }

    /** Whether it ended because another program had taken the port in the meantime. */
    boolean lostPort() {
        return !process.alive()
                && (LoopbackPort.listening(address, CONNECT_PATIENCE)
                        || outputTail().stream().anyMatch(BackendProcess::saysInUse));
    }

    private static boolean saysInUse(String line) {
        String lower = line.toLowerCase(Locale.ROOT);
        return lower.contains("address already in use") || lower.contains("eaddrinuse");
    }

    private BackendException endedBeforeReady() {
        return new BackendException(
                "runtime.start-failed",
                ErrorKind.FAILURE,
                "Backend " + name() + " " + fate() + " before it was ready." + quotedOutput(),
                "Its whole output is in " + spec.logFile() + ".",
                output(),
                null);
    }

    private BackendException notReady(String last) {
        return new BackendException(
                "runtime.start-timeout",
                ErrorKind.UNREACHABLE,
                "Backend " + name() + " was not ready after " + times.ready().toSeconds() + " s (" + last + ")."
                        + quotedOutput(),
                "Its whole output is in " + spec.logFile() + ".",
                output(),
                null);
    }

    /** Cleaning up after a process that died is no reason for it: a call that it broke off is told how it died. */
    private void noteOwnEnd() {
        if (!stopping.get() && !process.alive()) {
            endedByItself = true;
        }
    }

    private String fate() {
        if (stopping.get() && !endedByItself) {
            return "was stopped";
        }
        if (process.alive()) {
            return "does not answer any more";
        }
        int status = process.exitStatus();
        return status > 128 ? "was ended by signal " + (status - 128) : "exited with status " + status;
    }

    private String output() {
        return String.join("\n", outputTail());
    }

    private String quotedOutput() {
        List<String> lines = outputTail();
        if (lines.isEmpty()) {
            return " It wrote nothing.";
        }
        List<String> last = lines.subList(Math.max(0, lines.size() - QUOTED_LINES), lines.size());
        return " It wrote: " + String.join("\n", last);
    }

    private final class Peer implements CallErrors.Peer {
        @Override
        public String name() {
            return BackendProcess.this.name();
        }

        @Override
        public boolean checkGone(boolean connectionLost) {
            // A dying process closes its connections a moment before it stops listening, and before it is seen to end.
            if (!gone
                    && (!process.alive()
                            || !LoopbackPort.listening(address, DYING_PATIENCE)
                            || (connectionLost && process.awaitExit(DYING_PATIENCE)))) {
                gone = true;
                process.awaitExit(DYING_PATIENCE);
            }
            return gone;
        }

        @Override
        public String fate() {
            return BackendProcess.this.fate();
        }

        @Override
        public String output() {
            return BackendProcess.this.output();
        }
    }
}
