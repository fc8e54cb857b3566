package dev.slipway.engine;

import java.util.Map;
import java.util.OptionalLong;

/**
 * How the next token is chosen. The steps are taken in the order of the parameters from {@code logitBias} on: bias,
 * penalties, temperature, min-p and top-k, typical, top-p; then one token is drawn. At temperature 0 the likeliest token
 * is taken after the penalties.
 *
 * <p>Bias and penalties in this order, and the temperature before anything is cut off, are what vLLM does; Hugging Face's
 * transformers also apply the temperature first. (llama.cpp, in its default order, applies it last.)
 *
 * @param logitBias what is added to the logits of single tokens, −100 to 100; −100 bans a token for certain
 * @param temperature 0 takes the likeliest token always; at most 10
 * @param minP drop tokens less likely than this share of the likeliest; 0 drops none
 * @param topK keep this many likeliest tokens; 0 keeps all
 * @param typicalP keep the tokens whose information is nearest to what is expected here, until they together reach this
 *     probability; 1 keeps all
 * @param topP keep the likeliest tokens that together reach this probability of what is left; 1 keeps all
 * @param seed same seed, same request, same text; without it each run differs
 * @see <a href="https://arxiv.org/abs/1904.09751">Holtzman et al., top-p</a>
 * @see <a href="https://arxiv.org/abs/2202.00666">Meister et al., typical sampling</a>
 * @see <a href="https://arxiv.org/abs/2407.01082">Nguyen et al., min-p</a>
 */
public record SamplingOptions(
        Map<Integer, Float> logitBias,
        Penalties penalties,
        float temperature,
        float minP,
        int topK,
        float typicalP,
        float topP,
        OptionalLong seed) {
    /** The likeliest token, always. */
    public static final SamplingOptions GREEDY = new SamplingOptions(0, 0, 1, 0, OptionalLong.empty());

    /** Tokens at or below this bias never come. */
    public static final float BAN = -100;

    private static final int MOST_BIASES = 10_000;

    public SamplingOptions {
        check(temperature >= 0 && temperature <= 10, "temperature", temperature, "0 to 10");
        check(topK >= 0, "top-k", topK, "0 or more");
        check(topP > 0 && topP <= 1, "top-p", topP, "above 0, at most 1");
        check(minP >= 0 && minP <= 1, "min-p", minP, "0 to 1");
        check(typicalP > 0 && typicalP <= 1, "typical-p", typicalP, "above 0, at most 1");
        logitBias = Map.copyOf(logitBias);
        check(logitBias.size() <= MOST_BIASES, "number of biased tokens", logitBias.size(), "at most " + MOST_BIASES);
        logitBias.forEach((token, bias) -> {
            check(token >= 0, "token of a logit bias", token, "0 or more");
            check(bias >= BAN && bias <= -BAN, "logit bias of token " + token, bias, "-100 to 100");
        });
    }

    /** Without bias, penalties and typical sampling. */
    public SamplingOptions(float temperature, int topK, float topP, float minP, OptionalLong seed) {
        this(Map.of(), Penalties.NONE, temperature, minP, topK, 1, topP, seed);
    }

    /** The same with other penalties. */
    public SamplingOptions withPenalties(Penalties other) {
        return new SamplingOptions(logitBias, other, temperature, minP, topK, typicalP, topP, seed);
    }

    /** The same with other biases. */
    public SamplingOptions withLogitBias(Map<Integer, Float> other) {
        return new SamplingOptions(other, penalties, temperature, minP, topK, typicalP, topP, seed);
    }

    /** The same with another share for typical sampling. */
    public SamplingOptions withTypicalP(float other) {
        return new SamplingOptions(logitBias, penalties, temperature, minP, topK, other, topP, seed);
    }

    static void check(boolean holds, String name, float value, String range) {
        if (!holds) {
            String shown = value == (long) value ? String.valueOf((long) value) : String.valueOf(value);
            throw EngineException.invalid(
                    "engine.invalid-request", "The option " + name + " is " + shown + ".", "Use " + range + ".");
        }
    }
}
