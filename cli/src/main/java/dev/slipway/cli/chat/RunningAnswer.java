package dev.slipway.cli.chat;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** An answer under way, which another thread may stop. */
public final class RunningAnswer {
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable InputStream body;
    private boolean stopped;

    void onStop(InputStream toClose) throws IOException {
        lock.lock();
        try {
            body = toClose;
            if (stopped) {
                toClose.close();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean stopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    /** Stops it; the server notices that nobody listens. */
    public void stop() {
        lock.lock();
        try {
            stopped = true;
            if (body != null) {
                body.close();
            }
        } catch (IOException e) {
            // It is closed all the same.
            stopped = true;
        } finally {
            lock.unlock();
        }
    }
}
