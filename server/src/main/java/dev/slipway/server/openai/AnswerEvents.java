package dev.slipway.server.openai;

import dev.slipway.http.EventStream;
import dev.slipway.http.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The events of one answer. The HTTP answer begins with the first of them, so that an error before it can still be
 * answered with its own status. While there is nothing to say, comments keep the connection open and find out whether
 * the client is still there.
 */
final class AnswerEvents implements AutoCloseable {
    private final Exchange exchange;
    private final Duration heartbeat;
    private final Runnable gone;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private @Nullable EventStream stream;
    private long lastWrite = System.nanoTime();
    private boolean closed;

    /** @param gone run once when a heartbeat finds that the client has left */
    AnswerEvents(Exchange exchange, Duration heartbeat, Runnable gone) {
        this.exchange = exchange;
        this.heartbeat = heartbeat;
        this.gone = gone;
        Thread.ofVirtual().name("heartbeat " + exchange.requestId()).start(this::beat);
    }

    void data(String text) throws IOException {
        lock.lock();
        try {
            open().data(text);
            lastWrite = System.nanoTime();
        } finally {
            lock.unlock();
        }
    }

    /** Sees to it that the answer never begins; false when it has begun already. */
    boolean giveUpBeforeBegin() {
        lock.lock();
        try {
            if (stream != null) {
                return false;
            }
            closed = true;
            ended.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private EventStream open() throws IOException {
        EventStream opened = stream;
        if (opened == null) {
            opened = exchange.events();
            stream = opened;
        }
        return opened;
    }

    private void beat() {
        lock.lock();
        try {
            while (!closed) {
                long left = lastWrite + heartbeat.toNanos() - System.nanoTime();
                if (left > 0) {
                    boolean _ = ended.await(left, TimeUnit.NANOSECONDS);
                } else {
                    open().heartbeat();
                    lastWrite = System.nanoTime();
                }
            }
        } catch (IOException e) {
            gone.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            closed = true;
            ended.signalAll();
            if (stream != null) {
                stream.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
