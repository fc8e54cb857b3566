package dev.slipway.fetch;

import dev.slipway.base.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A body that does not wait for ever: a reader that has waited too long, or whose work was cancelled, is woken by closing
 * the stream under it.
 */
final class WatchedBody extends InputStream {
    private final URI uri;
    private final InputStream in;
    private final Duration patience;
    private final Cancellation cancellation;
    private final Cancellation.Registration registration;
    private final Thread watchdog;
    private volatile long readingSince;
    private volatile boolean reading;
    private volatile boolean stalled;
    private volatile boolean closed;

    WatchedBody(URI uri, InputStream in, Duration patience, Cancellation cancellation) {
        this.uri = uri;
        this.in = in;
        this.patience = patience;
        this.cancellation = cancellation;
        this.watchdog = Thread.ofVirtual().name("fetch-watchdog").unstarted(this::watch);
        this.registration = cancellation.onCancel(this::closeQuietly);
        watchdog.start();
    }

    private void watch() {
        while (!closed) {
            long left = patience.toNanos() - (System.nanoTime() - readingSince);
            if (reading && left <= 0) {
                stalled = true;
                closeQuietly();
                return;
            }
            LockSupport.parkNanos(reading ? Math.max(left, 1_000_000) : patience.toNanos());
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        cancellation.throwIfCancelled();
        readingSince = System.nanoTime();
        reading = true;
        try {
            int read = in.read(buffer, from, length);
            // A stream closed under its reader may look like one that has ended.
            throwIfWoken();
            return read;
        } catch (IOException e) {
            throwIfWoken();
            throw FetchException.unreachable(uri, "the connection broke (" + e.getMessage() + ")", e);
        } finally {
            reading = false;
        }
    }

    private void throwIfWoken() {
        cancellation.throwIfCancelled();
        if (stalled) {
            throw FetchException.stalled(uri, patience);
        }
    }

    private void closeQuietly() {
        try {
            in.close();
        } catch (IOException _) {
            // The reader learns from the flags why its stream has ended.
        }
    }

    @Override
    public void close() {
        closed = true;
        registration.close();
        closeQuietly();
        LockSupport.unpark(watchdog);
    }
}
