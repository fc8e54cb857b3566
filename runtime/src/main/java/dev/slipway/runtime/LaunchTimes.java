package dev.slipway.runtime;

import java.time.Duration;

/**
 * How long each phase of a backend process's life may take.
 *
 * @param ready from start to the first good {@code Health} answer
 * @param free for the {@code Free} call before the process is stopped
 * @param grace between the request to end (SIGTERM) and the end by force (SIGKILL); whole seconds
 */
public record LaunchTimes(Duration ready, Duration free, Duration grace) {
    /** Large backends take long to start on slow disks, hence two minutes. */
    public static final LaunchTimes DEFAULT =
            new LaunchTimes(Duration.ofMinutes(2), Duration.ofSeconds(5), Duration.ofSeconds(5));

    public LaunchTimes {
        if (!ready.isPositive() || !free.isPositive() || grace.isNegative()) {
            throw new IllegalArgumentException("times must be positive");
        }
    }
}
