package dev.slipway.runtime;

import java.util.Optional;

/**
 * What the router knows about one model.
 *
 * @param model the model's name
 * @param backend its backend's name
 * @param phase where it is in its life
 * @param slots how many requests may run at a time
 * @param used how many run now
 * @param waiting how many wait for the model or for a slot
 * @param pid the backend process, once it runs
 * @param problem why the last load failed
 */
public record ModelState(
        String model,
        String backend,
        Phase phase,
        int slots,
        int used,
        int waiting,
        Optional<Long> pid,
        Optional<String> problem) {
    /** Where a model is in its life. */
    public enum Phase {
        /** Its process is being started, or the model is being loaded. */
        LOADING,
        READY,
        /** The last load failed; the next one is tried after a short while. */
        FAILED,
        /** No new requests; its process ends when the last running one has. */
        STOPPING
    }
}
