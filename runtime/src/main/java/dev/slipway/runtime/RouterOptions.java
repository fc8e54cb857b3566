package dev.slipway.runtime;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How the router behaves.
 *
 * @param logFolder one log file per model goes here
 * @param load the longest time for {@code LoadModel}
 * @param patience the longest time that a request waits for a model and a slot
 * @param cooldown how long a failed load is answered with the same error instead of a new try
 */
public record RouterOptions(Path logFolder, Duration load, Duration patience, Duration cooldown) {
    /** Ten minutes to load and to wait, as large models need them; three seconds of cooldown. */
    public static RouterOptions of(Path logFolder) {
        return new RouterOptions(logFolder, Duration.ofMinutes(10), Duration.ofMinutes(10), Duration.ofSeconds(3));
    }
}
