package dev.slipway.cli.terminal;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** Waits for Ctrl-C or SIGTERM. The second Ctrl-C ends the process there and then. */
public final class StopSignal implements AutoCloseable {
    private static final String INTERRUPT = "INT";
    private static final String TERMINATE = "TERM";

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger interrupts = new AtomicInteger();
    private final Cancellation cancellation = new Cancellation();
    private volatile int status;
    private @Nullable Object beforeInterrupt;
    private @Nullable Object beforeTerminate;

    private StopSignal() {}

    /** Begins to listen. */
    public static StopSignal listen() {
        StopSignal signal = new StopSignal();
        signal.beforeInterrupt = Signals.register(INTERRUPT, signal::interrupted);
        signal.beforeTerminate = Signals.register(TERMINATE, signal::terminated);
        return signal;
    }

    private void interrupted() {
        if (interrupts.incrementAndGet() > 1) {
            Runtime.getRuntime().halt(ErrorKind.CANCELLED.exitCode());
        }
        stop(ErrorKind.CANCELLED.exitCode());
    }

    private void terminated() {
        stop(0);
    }

    private void stop(int newStatus) {
        status = newStatus;
        asked.countDown();
        cancellation.cancel();
    }

    /** Cancelled by the first signal. */
    public Cancellation cancellation() {
        return cancellation;
    }

    /** Waits for a signal and returns the exit status for it. */
    public int await() {
        try {
            asked.await();
            return status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ErrorKind.CANCELLED.exitCode();
        }
    }

    @Override
    public void close() {
        Signals.unregister(INTERRUPT, beforeInterrupt);
        Signals.unregister(TERMINATE, beforeTerminate);
    }
}
