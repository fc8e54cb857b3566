package dev.slipway.engine;

import java.util.List;
import java.util.OptionalInt;

/**
 * What to generate.
 *
 * @param maxTokens most new tokens; without it, as many as the context leaves
 * @param stop texts that end the answer; none of them is part of it
 * @param ignoreEndOfSequence go on when the model would end its turn
 * @param constraint what the answer must look like
 * @param logprobs with every token how likely the model held it, and so many of the likeliest tokens in its place, 0 to
 *     20; without it, nothing of that
 * @param truncation what to do when the prompt does not fit the context
 */
public record TextRequest(
        Prompt prompt,
        SamplingOptions sampling,
        OptionalInt maxTokens,
        List<String> stop,
        boolean ignoreEndOfSequence,
        Constraint constraint,
        OptionalInt logprobs,
        Truncation truncation) {
    /** Most alternatives that a token can be reported with. */
    public static final int MOST_ALTERNATIVES = 20;

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
        if (logprobs.isPresent() && (logprobs.getAsInt() < 0 || logprobs.getAsInt() > MOST_ALTERNATIVES)) {
            throw EngineException.invalid(
                    "engine.invalid-request",
                    "The number of alternatives to report is " + logprobs.getAsInt() + ".",
                    "Use 0 to " + MOST_ALTERNATIVES + ".");
        }
    }

    /** The same with log probabilities. */
    public TextRequest withLogprobs(int alternatives) {
        return new TextRequest(
                prompt,
                sampling,
                maxTokens,
                stop,
                ignoreEndOfSequence,
                constraint,
                OptionalInt.of(alternatives),
                truncation);
    }

    /** The same, but a prompt that does not fit is shortened and not refused; {@link TextEvent.Usage} tells by how much. */
    public TextRequest allowingTruncation() {
        return with(prompt, Truncation.ALLOWED);
    }

    TextRequest with(Prompt other, Truncation done) {
        return new TextRequest(other, sampling, maxTokens, stop, ignoreEndOfSequence, constraint, logprobs, done);
    }

    /** A request for any text, without log probabilities. */
    public TextRequest(
            Prompt prompt,
            SamplingOptions sampling,
            OptionalInt maxTokens,
            List<String> stop,
            boolean ignoreEndOfSequence) {
        this(
                prompt,
                sampling,
                maxTokens,
                stop,
                ignoreEndOfSequence,
                Constraint.NONE,
                OptionalInt.empty(),
                Truncation.REFUSED);
    }

    /** The same, for an answer that keeps to a constraint. */
    public TextRequest with(Constraint wanted) {
        return new TextRequest(prompt, sampling, maxTokens, stop, ignoreEndOfSequence, wanted, logprobs, truncation);
    }

    /** A request with no limits beyond the context. */
    public static TextRequest of(Prompt prompt, SamplingOptions sampling) {
        return new TextRequest(prompt, sampling, OptionalInt.empty(), List.of(), false);
    }
}
