package dev.slipway.engine;

import java.util.List;
import java.util.OptionalInt;

/**
 * What to generate.
 *
 * @param maxTokens most new tokens; without it, as many as the context leaves
 * @param stop texts that end the answer; none of them is part of it
 * @param ignoreEndOfSequence go on when the model would end its turn
 */
public record TextRequest(
        Prompt prompt,
        SamplingOptions sampling,
        OptionalInt maxTokens,
        List<String> stop,
        boolean ignoreEndOfSequence) {
    public TextRequest {
        stop = List.copyOf(stop);
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw EngineException.invalid("engine.invalid-request", "A stop string is empty.", "Leave it out.");
        }
        if (maxTokens.isPresent() && maxTokens.getAsInt() < 1) {
            throw EngineException.invalid(
                    "engine.invalid-request",
                    "The limit on new tokens is " + maxTokens.getAsInt() + ".",
                    "Ask for at least 1 token.");
        }
    }

    /** A request with no limits beyond the context. */
    public static TextRequest of(Prompt prompt, SamplingOptions sampling) {
        return new TextRequest(prompt, sampling, OptionalInt.empty(), List.of(), false);
    }
}
