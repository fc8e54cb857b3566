package dev.slipway.oci.content;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Exclusive turns of this process's threads at named things. A turn may be ended by another thread than began it. */
final class Turns<K> {
    private static final long LOOK_MILLIS = 25;

    private final ConcurrentHashMap<K, Queue> queues = new ConcurrentHashMap<>();

    private static final class Queue {
        final Semaphore turn = new Semaphore(1, true);
        int users;
    }

    /** Waits for the turn; end it with {@link #end}. */
    void begin(K key, String what, Duration patience, Cancellation cancellation) {
        long deadline = System.nanoTime() + patience.toNanos();
        Queue queue = join(key);
        boolean begun = false;
        try {
            while (!begun) {
                begun = queue.turn.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                if (!begun) {
                    cancellation.throwIfCancelled();
                    if (System.nanoTime() - deadline > 0) {
                        throw busy(what, patience);
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OciException(
                    "oci.interrupted", ErrorKind.CANCELLED, "Waiting for " + what + " was interrupted.", "", e);
        } finally {
            if (!begun) {
                leave(key);
            }
        }
    }

    /** Takes the turn if it is free now. */
    boolean tryBegin(K key) {
        boolean begun = join(key).turn.tryAcquire();
        if (!begun) {
            leave(key);
        }
        return begun;
    }

    void end(K key) {
        queues.computeIfPresent(key, (_, queue) -> {
            queue.turn.release();
            return --queue.users == 0 ? null : queue;
        });
    }

    static OciException busy(String what, Duration patience) {
        return new OciException(
                "oci.locked",
                ErrorKind.CONFLICT,
                "Another slipway process or thread has been working on " + what + " for more than "
                        + patience.toSeconds() + " s.",
                "Wait for it to finish and try again.",
                null);
    }

    private Queue join(K key) {
        return queues.compute(key, (_, present) -> {
            Queue queue = present == null ? new Queue() : present;
            queue.users++;
            return queue;
        });
    }

    private void leave(K key) {
        queues.computeIfPresent(key, (_, queue) -> --queue.users == 0 ? null : queue);
    }
}
