package dev.slipway.runtime;

import dev.slipway.protocol.ModelOptions;
import java.util.Map;

/**
 * A model and how to serve it. Two equal specs mean the same backend process.
 *
 * @param name the model's name in the API
 * @param backend the backend that serves it
 * @param options what {@code LoadModel} is called with
 * @param slots how many requests may run at a time, at least 1
 * @param environment added to the backend's environment
 */
public record ModelSpec(String name, String backend, ModelOptions options, int slots, Map<String, String> environment) {
    public ModelSpec {
        if (slots < 1) {
            throw new IllegalArgumentException("slots: " + slots);
        }
        environment = Map.copyOf(environment);
    }
}
