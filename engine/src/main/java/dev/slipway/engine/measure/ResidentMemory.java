package dev.slipway.engine.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Watches how much memory this process holds, pages of mapped files apart. Linux only; elsewhere it knows nothing. */
final class ResidentMemory implements AutoCloseable {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile long peak;

    ResidentMemory() {
        Thread.ofVirtual().name("resident-memory").start(this::watch);
    }

    private void watch() {
        try {
            do {
                peak = Math.max(peak, now());
            } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Anonymous and shared pages, in bytes. */
    private static long now() {
        try {
            return Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /** The most so far, or 0. */
    long peak() {
        return Math.max(peak, now());
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
