package dev.slipway.runtime;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.runtime.process.BackendEnvironment;
import dev.slipway.runtime.process.LoopbackPort;
import dev.slipway.runtime.process.SupervisedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Starts backends: {@code run.sh --addr=127.0.0.1:PORT} on a free port, ready when {@code Health} answers. */
public final class BackendLauncher {
    /** Somebody else may take a port between our look and the backend's bind; thrice in a row is no accident. */
    private static final int PORT_ATTEMPTS = 3;

    private final LaunchTimes times;

    public BackendLauncher() {
        this(LaunchTimes.DEFAULT);
    }

    public BackendLauncher(LaunchTimes times) {
        this.times = times;
    }

    /**
     * Starts a backend and waits until it is ready. Nothing is left running when this throws.
     *
     * @throws BackendException {@code runtime.run-script} when the script cannot be started,
     *     {@code runtime.start-failed} when the process ends, {@code runtime.start-timeout} when it does not become
     *     ready, {@code runtime.cancelled}
     */
    public BackendProcess launch(LaunchSpec spec, Cancellation cancellation) {
        requireRunScript(spec);
        for (int attempt = 1; ; attempt++) {
            BackendProcess process = start(spec);
            try {
                process.awaitReady(cancellation);
                return process;
            } catch (BackendException e) {
                boolean again = attempt < PORT_ATTEMPTS && process.lostPort();
                process.kill();
                if (!again) {
                    throw e;
                }
            } catch (RuntimeException | Error e) {
                process.kill();
                throw e;
            }
        }
    }

    private BackendProcess start(LaunchSpec spec) {
        Path folder = spec.runScript().getParent();
        if (folder == null) {
            throw runScript(spec, "it has no folder", null);
        }
        try {
            InetSocketAddress address = LoopbackPort.address(LoopbackPort.free());
            SupervisedProcess process = SupervisedProcess.start(
                    List.of(spec.runScript().toString(), "--addr=127.0.0.1:" + address.getPort()),
                    folder,
                    BackendEnvironment.of(System.getenv(), spec.environment()),
                    spec.logFile(),
                    times.grace());
            return new BackendProcess(spec, times, address, process);
        } catch (IOException | UncheckedIOException e) {
            throw runScript(spec, String.valueOf(e.getMessage()), e);
        }
    }

    private static void requireRunScript(LaunchSpec spec) {
        if (!Files.isRegularFile(spec.runScript())) {
            throw runScript(spec, "there is no such file", null);
        }
        if (!Files.isExecutable(spec.runScript())) {
            throw runScript(spec, "it is not executable", null);
        }
    }

    private static BackendException runScript(LaunchSpec spec, String why, @Nullable Exception cause) {
        return new BackendException(
                "runtime.run-script",
                ErrorKind.NOT_FOUND,
                "Could not start backend " + spec.name() + " by " + spec.runScript() + ": " + why + ".",
                "Install the backend again.",
                cause);
    }
}
