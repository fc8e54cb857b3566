package dev.slipway.engine;

import java.time.Duration;
import java.util.Optional;

/** One running request, read by one thread. */
public interface Generation extends AutoCloseable {
    /**
     * Waits for the next event. After {@link TextEvent.Finished} there are no more.
     *
     * @return the event, or empty when none came within {@code patience}
     * @throws EngineException when generation failed or was cancelled
     */
    Optional<TextEvent> next(Duration patience);

    /** Stops generating before the next token; safe from any thread. */
    void cancel();

    /** Cancels when still running. */
    @Override
    void close();
}
