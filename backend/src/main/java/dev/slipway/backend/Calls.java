package dev.slipway.backend;

import dev.slipway.protocol.Reply;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Where calls run. Those that only wait for the engine each have a virtual thread. Those that compute (loading,
 * embedding, tokenizing) have a few threads of the system: on virtual ones they would hold the carriers, of which there
 * are as few as cores, and {@code Health} would wait for them.
 */
final class Calls implements AutoCloseable {
    private static final int LEAST_COMPUTING = 4;

    private final ExecutorService waiting = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("call-", 0).factory());
    private final ExecutorService computing = Executors.newFixedThreadPool(
            Math.max(LEAST_COMPUTING, Runtime.getRuntime().availableProcessors()),
            Thread.ofPlatform().daemon().name("compute-", 0).factory());

    /** Answers a call with one value that takes computing. */
    <T> void compute(StreamObserver<T> out, Supplier<T> work) {
        start(computing, out, () -> {
            T value = work.get();
            out.onNext(value);
            out.onCompleted();
        });
    }

    /** Answers a call whose work follows an engine and may be cancelled. */
    void follow(StreamObserver<Reply> out, Consumer<ReplyStream> work) {
        ReplyStream stream = new ReplyStream((ServerCallStreamObserver<Reply>) out);
        try {
            waiting.execute(() -> {
                try {
                    work.accept(stream);
                    stream.complete();
                } catch (Throwable e) {
                    stream.fail(e);
                }
            });
        } catch (RejectedExecutionException e) {
            stream.fail(e);
        }
    }

    private static void start(ExecutorService executor, StreamObserver<?> out, Runnable work) {
        try {
            executor.execute(() -> {
                try {
                    work.run();
                } catch (Throwable e) {
                    out.onError(Failures.status(e));
                }
            });
        } catch (RejectedExecutionException e) {
            out.onError(Failures.status(e));
        }
    }

    @Override
    public void close() {
        computing.shutdown();
        waiting.shutdown();
    }
}
