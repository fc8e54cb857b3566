package dev.slipway.engine;

import java.util.OptionalLong;

/**
 * How the next token is chosen.
 *
 * @param temperature 0 takes the likeliest token always; at most 10
 * @param topK keep this many likeliest tokens; 0 keeps all
 * @param topP keep the likeliest tokens that together reach this probability; 1 keeps all
 * @param minP drop tokens less likely than this share of the likeliest; 0 drops none
 * @param seed same seed, same request, same text; without it each run differs
 */
public record SamplingOptions(float temperature, int topK, float topP, float minP, OptionalLong seed) {
    /** The likeliest token, always. */
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, OptionalLong.empty());

    public SamplingOptions {
        check(temperature >= 0 && temperature <= 10, "temperature", temperature, "0 to 10");
        check(topK >= 0, "top-k", topK, "0 or more");
        check(topP > 0 && topP <= 1, "top-p", topP, "above 0, at most 1");
        check(minP >= 0 && minP <= 1, "min-p", minP, "0 to 1");
    }

    private static void check(boolean holds, String name, float value, String range) {
        if (!holds) {
            throw EngineException.invalid(
                    "engine.invalid-request", "The option " + name + " is " + value + ".", "Use " + range + ".");
        }
    }
}
