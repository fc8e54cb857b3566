package dev.slipway.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks, tasks, cancellation and retries. */
class ConcurrencyTest {
    @TempDir
    Path folder;

    @Test
    void lockExcludesAnotherThreadAndSaysWhatIsBusy() {
        Path file = folder.resolve("locks/x");
        Cancellation never = Cancellation.never();
        try (ObjectLock held = ObjectLock.acquire(file, "backend x", Duration.ofSeconds(1), never)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> ObjectLock.acquire(file, "backend x", Duration.ofMillis(80), never))
                    .isInstanceOf(BaseException.class)
                    .hasMessageContaining("backend x");
        }
        ObjectLock.acquire(file, "backend x", Duration.ofMillis(80), never).close();
    }

    @Test
    void aThreadThatGivesUpDoesNotTakeTheLockFromItsHolder() throws Exception {
        Path locks = Path.of("/proc/locks");
        assumeTrue(Files.isReadable(locks), "the kernel does not show its locks");
        Path file = folder.resolve("held");
        Cancellation never = Cancellation.never();
        try (ObjectLock held = ObjectLock.acquire(file, "x", Duration.ofSeconds(1), never)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> ObjectLock.acquire(file, "x", Duration.ofMillis(60), never))
                    .isInstanceOf(BaseException.class);
            assertThat(Files.readString(locks)).contains(":" + Files.getAttribute(file, "unix:ino") + " ");
        }
        assertThat(Files.readString(locks)).doesNotContain(":" + Files.getAttribute(file, "unix:ino") + " ");
    }

    @Test
    void tasksKeepOrderAndTheLimit() {
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Callable<Integer>> jobs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int number = i;
            jobs.add(() -> {
                most.accumulateAndGet(running.incrementAndGet(), Math::max);
                Thread.yield();
                running.decrementAndGet();
                return number;
            });
        }

        assertThat(Tasks.runAll(jobs, 3, Cancellation.never())).hasSize(20).isSorted();
        assertThat(most.get()).isLessThanOrEqualTo(3);
    }

    @Test
    void firstFailureCancelsTheOthersAndIsThrown() throws Exception {
        Cancellation cancellation = new Cancellation();
        CountDownLatch cancelled = new CountDownLatch(1);
        cancellation.onCancel(cancelled::countDown);
        List<Callable<Boolean>> jobs = List.of(
                () -> {
                    throw new IllegalArgumentException("first");
                },
                () -> cancelled.await(30, TimeUnit.SECONDS));

        assertThatThrownBy(() -> Tasks.runAll(jobs, 2, cancellation)).hasMessage("first");
        assertThat(cancelled.getCount()).isZero();
    }

    @Test
    void retryStopsAtTheFirstFinalError() {
        AtomicInteger calls = new AtomicInteger();
        Retry retry = new Retry(5, Duration.ofMillis(1), Duration.ofMillis(2));

        String result = retry.call(Cancellation.never(), () -> {
            if (calls.incrementAndGet() < 3) {
                throw error(ErrorKind.UNREACHABLE);
            }
            return "done";
        });
        assertThat(result).isEqualTo("done");
        assertThat(calls).hasValue(3);

        calls.set(0);
        assertThatThrownBy(() -> retry.call(Cancellation.never(), () -> {
                    calls.incrementAndGet();
                    throw error(ErrorKind.NOT_FOUND);
                }))
                .isInstanceOf(BaseException.class);
        assertThat(calls).hasValue(1);
    }

    @Test
    void cancellingRunsLateRegistrationsAtOnce() {
        Cancellation cancellation = new Cancellation();
        AtomicInteger runs = new AtomicInteger();
        cancellation.onCancel(runs::incrementAndGet).close();
        cancellation.onCancel(runs::incrementAndGet);
        cancellation.cancel();
        cancellation.cancel();
        cancellation.onCancel(runs::incrementAndGet);

        assertThat(runs).hasValue(2);
        assertThatThrownBy(cancellation::throwIfCancelled).hasMessage("Cancelled.");
    }

    @Test
    void sizesPrintAsPeopleReadThem() {
        assertThat(new ByteSize(812)).hasToString("812 B");
        assertThat(new ByteSize(1_500_000)).hasToString("1.4 MiB");
        assertThat(ByteSize.ofMebibytes(50)).hasToString("50 MiB");
    }

    private static BaseException error(ErrorKind kind) {
        return new BaseException("base.test", kind, "test", "", null);
    }
}
