package dev.slipway.runtime;

import dev.slipway.base.Cancellation;
import java.nio.file.Path;

/** Finds an installed backend, and may install it first. */
@FunctionalInterface
public interface BackendProvider {
    /**
     * The backend's {@code run.sh}.
     *
     * @param backend the name of a backend, as a model config gives it
     */
    Path runScript(String backend, Cancellation cancellation);
}
