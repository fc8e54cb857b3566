package dev.slipway.base;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Tries again what may succeed the next time, with growing pauses.
 *
 * @param attempts tries in all, at least 1
 * @param firstPause the pause after the first failure; each following one is three times as long
 * @param longestPause no pause is longer than this
 */
public record Retry(int attempts, Duration firstPause, Duration longestPause) {
    /** Four tries over about five seconds. */
    public static final Retry DEFAULT = new Retry(4, Duration.ofMillis(300), Duration.ofSeconds(10));

    public Retry {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts: " + attempts);
        }
    }

    /** Calls until it succeeds, fails with an error that is not {@link CodedException#retryable}, or tries run out. */
    public <T> T call(Cancellation cancellation, Supplier<T> action) {
        for (int attempt = 1; ; attempt++) {
            cancellation.throwIfCancelled();
            try {
                return action.get();
            } catch (CodedException e) {
                if (!e.retryable() || attempt == attempts) {
                    throw e;
                }
            }
            pause(attempt, cancellation);
        }
    }

    private void pause(int attempt, Cancellation cancellation) {
        double millis = Math.min((double) longestPause.toMillis(), firstPause.toMillis() * Math.pow(3, attempt - 1.0));
        double jittered = millis * ThreadLocalRandom.current().nextDouble(0.8, 1.2);
        long deadline = System.nanoTime() + (long) (jittered * 1e6);
        Thread waiting = Thread.currentThread();
        try (var _ = cancellation.onCancel(() -> LockSupport.unpark(waiting))) {
            for (long left = deadline - System.nanoTime();
                    left > 0 && !cancellation.isCancelled();
                    left = deadline - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
