package dev.slipway.base;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Runs a fixed set of blocking jobs side by side on virtual threads; all have ended when the call returns. */
public final class Tasks {
    private Tasks() {}

    /**
     * Runs all jobs, at most {@code limit} at a time, and returns their results in order. The first failure cancels
     * {@code cancellation}, waits for the rest to end, and is thrown.
     */
    public static <T> List<T> runAll(List<? extends Callable<T>> jobs, int limit, Cancellation cancellation) {
        Semaphore places = new Semaphore(limit);
        List<Future<T>> futures = new ArrayList<>();
        FirstFailure failure = new FirstFailure(cancellation);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Callable<T> job : jobs) {
                futures.add(executor.submit(() -> {
                    places.acquireUninterruptibly();
                    try {
                        cancellation.throwIfCancelled();
                        return job.call();
                    } catch (Throwable e) {
                        failure.record(e);
                        throw e;
                    } finally {
                        places.release();
                    }
                }));
            }
        }
        failure.rethrow();
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(result(future));
        }
        return results;
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (ExecutionException | InterruptedException e) {
            throw new IllegalStateException("a finished task has a result", e);
        }
    }

    /** The failure that came first; those that follow are usually only its echo. */
    private static final class FirstFailure {
        private final Cancellation cancellation;
        private final List<Throwable> failures = new ArrayList<>();

        FirstFailure(Cancellation cancellation) {
            this.cancellation = cancellation;
        }

        void record(Throwable failure) {
            synchronized (failures) {
                failures.add(failure);
            }
            cancellation.cancel();
        }

        void rethrow() {
            synchronized (failures) {
                if (failures.isEmpty()) {
                    return;
                }
                switch (failures.getFirst()) {
                    case RuntimeException e -> throw e;
                    case Error e -> throw e;
                    case Throwable e -> throw new IllegalStateException(e);
                }
            }
        }
    }
}
