package dev.slipway.backend;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.protocol.Reply;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The writing side of one streamed call: waits while the client reads more slowly than the model writes, and turns a
 * client that leaves into a {@link Cancellation}. Written by one thread.
 */
final class ReplyStream {
    /** A client that takes nothing for this long is gone, even if its connection is not. */
    private static final Duration STALL = Duration.ofMinutes(2);

    private final ServerCallStreamObserver<Reply> observer;
    private final Cancellation cancellation = new Cancellation();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** To be made on the thread of the call, before its handler returns. */
    ReplyStream(ServerCallStreamObserver<Reply> observer) {
        this.observer = observer;
        observer.setOnReadyHandler(this::wake);
        observer.setOnCancelHandler(() -> {
            cancellation.cancel();
            wake();
        });
    }

    /** Cancelled when the client leaves or its deadline passes. */
    Cancellation cancellation() {
        return cancellation;
    }

    void send(Reply reply) {
        awaitReady();
        observer.onNext(reply);
    }

    void complete() {
        observer.onCompleted();
    }

    void fail(Throwable failure) {
        if (!cancellation.isCancelled()) {
            observer.onError(Failures.status(failure));
        }
    }

    private void awaitReady() {
        long patience = STALL.toNanos();
        lock.lock();
        try {
            while (!observer.isReady()) {
                cancellation.throwIfCancelled();
                if (patience <= 0) {
                    throw new BackendException(
                            "backend.client-stalled",
                            ErrorKind.CANCELLED,
                            "The client has read nothing for " + STALL.toSeconds() + " s.",
                            "Read the stream while it is written.",
                            null);
                }
                patience = changed.awaitNanos(Math.min(patience, TimeUnit.SECONDS.toNanos(STALL.toSeconds())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancellation.cancel();
        } finally {
            lock.unlock();
        }
        cancellation.throwIfCancelled();
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
