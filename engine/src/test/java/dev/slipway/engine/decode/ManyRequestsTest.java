package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many short requests of mixed length, some of them cancelled, by many clients: nothing of them stays behind. */
class ManyRequestsTest {
    private static final int CLIENTS = 24;
    private static final int PAGES = 40;

    /** Growth that a garbage collector's own bookkeeping explains. */
    private static final long HEAP_SLACK = 8 << 20;

    @TempDir
    Path folder;

    @Test
    void leaveNothingBehind() throws IOException {
        run(300);
    }

    @Test
    @Tag("stress")
    void leaveNothingBehindWhenThereAreTenThousand() throws IOException {
        run(10_000);
    }

    private void run(int requests) throws IOException {
        long threadsBefore = engineThreads();
        AtomicInteger passes = new AtomicInteger();
        try (SmallScheduler small = new SmallScheduler(folder, 8, PAGES, parts -> passes.incrementAndGet())) {
            int warmUp = requests / 5;
            Outcome first = serve(small, warmUp, 1);
            long heap = usedHeap();
            long threads = engineThreads();
            Outcome rest = serve(small, requests - warmUp, 2);
            long grown = usedHeap() - heap;
            System.out.printf(
                    "%d requests, %d of them cancelled, %d passes, %d bytes of heap more than after the first %d%n",
                    requests, first.cancelled + rest.cancelled, passes.get(), grown, warmUp);

            assertThat(first.finished + first.cancelled + rest.finished + rest.cancelled)
                    .isEqualTo(requests);
            assertThat(rest.cancelled).isPositive();
            assertThat(rest.finished).isPositive();
            // A cancelled request leaves before the next pass; one more request brings that about.
            SmallScheduler.read(small.submit("last", 2));
            assertThat(small.scheduler.active()).isZero();
            assertThat(small.pool.usage().inUse()).isZero();
            assertThat(small.pool.usage().cached() + small.pool.usage().free()).isEqualTo(PAGES);
            assertThat(engineThreads()).isEqualTo(threads);
            assertThat(grown).isLessThan(HEAP_SLACK);
            // All that was reserved has been given back: one request can have every page.
            assertThat(SmallScheduler.read(small.submit("x".repeat(PAGES * 64 - 500), 500))
                            .usage()
                            .completionTokens())
                    .isEqualTo(500);
        }
        assertThat(engineThreads()).isEqualTo(threadsBefore);
    }

    private record Outcome(int finished, int cancelled) {}

    private static Outcome serve(SmallScheduler small, int requests, long seed) {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger finished = new AtomicInteger();
        AtomicInteger cancelled = new AtomicInteger();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int client = 0; client < CLIENTS; client++) {
                clients.submit(() -> {
                    for (int i = next.getAndIncrement(); i < requests; i = next.getAndIncrement()) {
                        (one(small, new SplittableRandom(seed * 1_000_003 + i)) ? finished : cancelled)
                                .incrementAndGet();
                    }
                });
            }
        }
        return new Outcome(finished.get(), cancelled.get());
    }

    /** One request; answers whether it finished. */
    private static boolean one(SmallScheduler small, SplittableRandom random) {
        List<String> beginnings = List.of("", "A beginning that many requests have in common. ".repeat(3), "Another. ");
        String prompt = beginnings.get(random.nextInt(3)) + "p".repeat(random.nextInt(1, 60));
        int tokens = random.nextInt(1, random.nextInt(20) == 0 ? 300 : 24);
        int events = random.nextInt(3) == 0 ? random.nextInt(6) : Integer.MAX_VALUE;
        GeneratingSequence sequence = small.submit(prompt, tokens);
        if (events == Integer.MAX_VALUE) {
            assertThat(SmallScheduler.read(sequence).usage().completionTokens()).isEqualTo(tokens);
            return true;
        }
        try (sequence) {
            for (int i = 0; i < events; i++) {
                sequence.next(SmallScheduler.PATIENCE);
            }
            return false;
        } catch (EngineException e) {
            assertThat(e.kind()).isEqualTo(ErrorKind.CANCELLED);
            return false;
        }
    }

    private static long engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.isAlive() && thread.getName().startsWith("slipway-engine"))
                .count();
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
