package dev.slipway.runtime;

import java.nio.file.Path;
import java.util.Map;

/**
 * What to start.
 *
 * @param name the backend's name, for messages
 * @param runScript the installed {@code run.sh}; it is started in its own folder
 * @param environment added to the few variables that a backend inherits (listed in this module's README)
 * @param logFile receives all output; bounded, the previous part is kept beside it with the ending {@code .1}
 */
public record LaunchSpec(String name, Path runScript, Map<String, String> environment, Path logFile) {
    public LaunchSpec {
        runScript = runScript.toAbsolutePath();
        environment = Map.copyOf(environment);
    }

    /** A backend without extra environment. */
    public static LaunchSpec of(String name, Path runScript, Path logFile) {
        return new LaunchSpec(name, runScript, Map.of(), logFile);
    }
}
