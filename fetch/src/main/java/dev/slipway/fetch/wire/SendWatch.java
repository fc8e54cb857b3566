package dev.slipway.fetch.wire;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Cuts a connection whose peer takes nothing more of a request's body. Sockets know deadlines for reads only. */
final class SendWatch implements AutoCloseable {
    private final Connection connection;
    private final Duration patience;
    private final Thread thread;
    private volatile long lastSent = System.nanoTime();
    private volatile boolean done;
    private volatile boolean stalled;

    SendWatch(Connection connection, Duration patience) {
        this.connection = connection;
        this.patience = patience;
        this.thread = Thread.ofVirtual().name("fetch-send-watch").start(this::watch);
    }

    private void watch() {
        while (!done) {
            long left = patience.toNanos() - (System.nanoTime() - lastSent);
            if (left <= 0) {
                stalled = true;
                connection.abort();
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    void sent() {
        lastSent = System.nanoTime();
    }

    boolean stalled() {
        return stalled;
    }

    @Override
    public void close() {
        done = true;
        LockSupport.unpark(thread);
    }
}
