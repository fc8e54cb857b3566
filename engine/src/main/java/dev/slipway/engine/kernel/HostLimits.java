package dev.slipway.engine.kernel;

import dev.slipway.posix.LargeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.ToLongFunction;

/**
 * The limits of several threads of this host together, measured now: what a model's speed is a share of. Each threads reads
 * memory of its own, as large together as what a model reads for one token, so that caches help both alike.
 *
 * <p>Where code cannot be emitted, reading is measured by a plain loop, and calculating is not measured.
 */
public final class HostLimits implements AutoCloseable {
    /** The largest that is read in turn: far more than any cache holds. */
    private static final long MOST_BYTES = 512L << 20;

    private static final long LEAST_BYTES = 1 << 20;
    private static final long ROUND_NANOS = 25_000_000;
    private static final int MOST_STREAMS = 8;
    private static final int PAGE = 4096;

    private final Arena arena = Arena.ofShared();
    private final Optional<HostProbe> probe = HostProbe.open();
    private final MemorySegment memory;

    /**
     * Takes memory to read.
     *
     * @param footprint bytes that the measured work reads over and over
     */
    public HostLimits(long footprint) {
        long bytes = Math.clamp(footprint, LEAST_BYTES, MOST_BYTES) / PAGE * PAGE;
        memory = LargeMemory.allocate(bytes, arena);
        for (long at = 0; at < bytes; at += PAGE) {
            memory.set(ValueLayout.JAVA_BYTE, at, (byte) 1);
        }
    }

    /** Bytes per second: the best of 1 to 8 streams per thread. Takes some 0.2 s. */
    public double read(int threads) {
        long slice = memory.byteSize() / threads / PAGE * PAGE;
        double best = 0;
        for (int streams = 1; streams <= MOST_STREAMS; streams++) {
            int count = streams;
            best = Math.max(best, together(threads, thread -> {
                MemorySegment own = memory.asSlice(thread * slice, slice);
                return readOnce(own, count);
            }));
        }
        return best;
    }

    private long readOnce(MemorySegment own, int streams) {
        if (probe.isPresent()) {
            probe.get().read(own, streams);
            return own.byteSize() / streams / 64 * 64 * streams;
        }
        long sum = 0;
        for (long at = 0; at + Long.BYTES <= own.byteSize(); at += Long.BYTES) {
            sum += own.get(ValueLayout.JAVA_LONG, at);
        }
        return sum == 0 ? 0 : own.byteSize();
    }

    /** Operations on bytes per second; a product and its addition count as two. */
    public OptionalDouble byteOperations(int threads) {
        return operations(threads, true);
    }

    /** The same on f32. */
    public OptionalDouble floatOperations(int threads) {
        return operations(threads, false);
    }

    private OptionalDouble operations(int threads, boolean bytes) {
        if (probe.isEmpty()) {
            return OptionalDouble.empty();
        }
        HostProbe own = probe.get();
        return OptionalDouble.of(together(threads, _ -> own.operate(bytes)));
    }

    /** The instructions that the limits of calculating are of; empty where they are not measured. */
    public String level() {
        return probe.map(found -> found.level().label()).orElse("");
    }

    /** Work per second of threads that repeat it for a while, all at the same time. */
    private static double together(int threads, ToLongFunction<Integer> work) {
        CyclicBarrier barrier = new CyclicBarrier(threads);
        double[] speeds = new double[threads];
        List<Thread> running = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            int thread = i;
            running.add(Thread.ofPlatform().daemon().start(() -> speeds[thread] = speed(barrier, thread, work)));
        }
        speeds[0] = speed(barrier, 0, work);
        double sum = speeds[0];
        for (int i = 1; i < threads; i++) {
            try {
                running.get(i - 1).join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            sum += speeds[i];
        }
        return sum;
    }

    private static double speed(CyclicBarrier barrier, int thread, ToLongFunction<Integer> work) {
        try {
            barrier.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        } catch (BrokenBarrierException e) {
            return 0;
        }
        long start = System.nanoTime();
        long done = 0;
        long end;
        do {
            done += work.applyAsLong(thread);
            end = System.nanoTime();
        } while (end - start < ROUND_NANOS);
        return 1e9 * done / (end - start);
    }

    @Override
    public void close() {
        arena.close();
    }
}
