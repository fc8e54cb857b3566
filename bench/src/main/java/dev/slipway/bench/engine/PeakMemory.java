package dev.slipway.bench.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Watches the memory of a process, pages of mapped files apart. */
final class PeakMemory implements AutoCloseable {
    private final Path status;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile long peak;

    PeakMemory(long pid) {
        status = Path.of("/proc", String.valueOf(pid), "status");
        Thread.ofVirtual().start(this::watch);
    }

    private void watch() {
        try {
            do {
                peak = Math.max(peak, now());
            } while (!stopped.await(50, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private long now() {
        try {
            return Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("RssAnon:") || line.startsWith("RssShmem:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    long peak() {
        return peak;
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
