package dev.slipway.engine.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A few threads that share the items of one job at a time with the thread that brings it.
 *
 * <p>Matrices come microseconds apart, so a worker that runs out of work looks for the next job for a short while before
 * it sleeps; an idle engine uses no processor. Items are claimed piece by piece: a worker whose core is taken away delays
 * the job by one piece at most.
 *
 * <p>Jobs come from one thread at a time.
 */
final class WorkerPool implements AutoCloseable {
    /** How long a thread looks before it sleeps: longer than a wake-up, far shorter than anybody would notice. */
    private static final long LOOK_NANOS = 60_000;

    /**
     * A thread claims what would be left for it of so many equal shares: large pieces first, which cost little, and small
     * ones at the end, which even out how far threads have come.
     */
    private static final int SHARES_PER_THREAD = 3;

    /** Work on the items from {@code from} up to, not including, {@code to}. */
    @FunctionalInterface
    interface Range {
        void run(int from, int to);
    }

    private final Worker[] workers;
    private volatile @Nullable Job current;
    private volatile boolean closed;

    /** A pool that works with {@code threads} threads in all, the calling one among them. */
    WorkerPool(int threads) {
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i);
            workers[i].start();
        }
    }

    /** Threads that work on a job, the calling one among them. */
    int threads() {
        return workers.length + 1;
    }

    /**
     * Runs a job on all threads; all of it is done when the call returns.
     *
     * @param granularity pieces are multiples of this
     */
    void run(int items, int granularity, Range range) {
        Job job = new Job(items, granularity, threads() * SHARES_PER_THREAD, range);
        current = job;
        for (Worker worker : workers) {
            worker.wake();
        }
        job.work();
        job.await();
        current = null;
        job.rethrow();
    }

    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
        }
    }

    private static final class Job {
        private final int items;
        private final int granularity;
        private final int shares;
        private final Range range;
        private final Thread owner = Thread.currentThread();
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger left;
        private volatile @Nullable Throwable failure;

        Job(int items, int granularity, int shares, Range range) {
            this.items = items;
            this.granularity = granularity;
            this.shares = shares;
            this.range = range;
            this.left = new AtomicInteger(items);
        }

        void work() {
            int from = next.get();
            while (from < items) {
                int piece = Math.max(1, (items - from) / shares / granularity) * granularity;
                int to = Math.min(items, from + piece);
                if (next.compareAndSet(from, to)) {
                    run(from, to);
                }
                from = next.get();
            }
        }

        private void run(int from, int to) {
            try {
                range.run(from, to);
            } catch (Throwable e) {
                failure = e;
            }
            if (left.addAndGet(from - to) == 0) {
                LockSupport.unpark(owner);
            }
        }

        void await() {
            long deadline = System.nanoTime() + LOOK_NANOS;
            while (left.get() > 0) {
                if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(this, LOOK_NANOS);
                }
            }
        }

        void rethrow() {
            switch (failure) {
                case null -> {}
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException(e);
            }
        }
    }

    private final class Worker extends Thread {
        private volatile boolean asleep;

        Worker(int number) {
            super("slipway-kernel-" + number);
            setDaemon(true);
            setPriority(Compute.PRIORITY);
        }

        void wake() {
            if (asleep) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            Job last = null;
            while (!closed) {
                Job job = awaitOther(last);
                if (job != null) {
                    job.work();
                    last = job;
                }
            }
        }

        /** The next job, or nothing when the pool was closed. */
        private @Nullable Job awaitOther(@Nullable Job last) {
            long deadline = System.nanoTime() + LOOK_NANOS;
            while (!closed) {
                Job job = current;
                if (job != null && job != last) {
                    return job;
                }
                if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                } else {
                    asleep = true;
                    job = current;
                    if ((job == null || job == last) && !closed) {
                        LockSupport.park(WorkerPool.this);
                    }
                    asleep = false;
                }
            }
            return null;
        }
    }
}
