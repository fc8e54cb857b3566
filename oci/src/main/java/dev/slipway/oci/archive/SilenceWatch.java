package dev.slipway.oci.archive;

import dev.slipway.base.Cancellation;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Closes a connection whose other end stays silent for too long, or whose work is cancelled. */
final class SilenceWatch implements AutoCloseable {
    private final SocketChannel channel;
    private final Duration patience;
    private final Cancellation.Registration registration;
    private final Thread thread;
    private volatile long heardAt = System.nanoTime();
    private volatile boolean silent;
    private volatile boolean closed;

    SilenceWatch(SocketChannel channel, Duration patience, Cancellation cancellation) {
        this.channel = channel;
        this.patience = patience;
        this.registration = cancellation.onCancel(this::closeQuietly);
        this.thread = Thread.ofVirtual().name("daemon-watch").start(this::watch);
    }

    /** Says that bytes went over the connection just now. */
    void heard() {
        heardAt = System.nanoTime();
    }

    /** Whether the connection was closed for its silence. */
    boolean silent() {
        return silent;
    }

    private void watch() {
        while (!closed) {
            long left = patience.toNanos() - (System.nanoTime() - heardAt);
            if (left <= 0) {
                silent = true;
                closeQuietly();
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    private void closeQuietly() {
        try {
            channel.close();
        } catch (IOException _) {
            // Whoever waits on the connection learns of it all the same.
        }
    }

    @Override
    public void close() {
        closed = true;
        registration.close();
        closeQuietly();
        LockSupport.unpark(thread);
    }
}
