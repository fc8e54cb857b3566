package dev.slipway.server.openai;

import dev.slipway.protocol.PredictOptions;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** How to choose tokens and when to end, as a request says; what it leaves out comes from the model's configuration. */
record Sampling(
        OptionalDouble temperature,
        OptionalDouble topP,
        OptionalInt topK,
        OptionalDouble minP,
        OptionalInt maxTokens,
        OptionalLong seed,
        OptionalDouble typicalP,
        Punishment penalties,
        String logitBias,
        int choices,
        LogprobsWish logprobs,
        boolean truncate,
        List<String> stop) {
    /** Used when neither the request nor the model's configuration says anything. */
    static final double DEFAULT_TEMPERATURE = 0.7;

    static final double DEFAULT_TOP_P = 0.95;
    static final int DEFAULT_TOP_K = 40;

    private static final Pattern TOKEN = Pattern.compile("[0-9]{1,9}");
    private static final int MOST_STOPS = 16;
    private static final int MOST_CHOICES = 128;
    private static final int MOST_BIASES = 10_000;
    private static final double SMALLEST_SHARE = 1e-6;

    static Sampling parse(Fields request, LogprobsWish logprobs) {
        return new Sampling(
                request.number("temperature", 0, 2),
                topP(request),
                request.smallInteger("top_k", 0, Integer.MAX_VALUE),
                request.number("min_p", 0, 1),
                maxTokens(request),
                request.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE),
                request.number("typical_p", SMALLEST_SHARE, 1),
                Punishment.parse(request),
                logitBias(request),
                request.smallInteger("n", 1, MOST_CHOICES).orElse(1),
                logprobs,
                truncate(request),
                stops(request));
    }

    /** OpenAI's range begins at 0, which can only mean the likeliest token. */
    private static OptionalDouble topP(Fields request) {
        OptionalDouble value = request.number("top_p", 0, 1);
        return value.isPresent() ? OptionalDouble.of(Math.max(value.getAsDouble(), SMALLEST_SHARE)) : value;
    }

    private static OptionalInt maxTokens(Fields request) {
        OptionalInt newer = request.smallInteger("max_completion_tokens", 1, Integer.MAX_VALUE);
        return newer.isPresent() ? newer : request.smallInteger("max_tokens", 1, Integer.MAX_VALUE);
    }

    private static List<String> stops(Fields request) {
        List<String> stops = request.strings("stop", MOST_STOPS);
        if (stops.contains("")) {
            throw ServerException.invalidRequest("stop", "A stop text is empty.", "Leave it out.");
        }
        return stops;
    }

    /** OpenAI's word for it, of its newer API. */
    private static boolean truncate(Fields request) {
        String word = request.string("truncation").orElse("disabled");
        if (!word.equals("auto") && !word.equals("disabled")) {
            throw ServerException.invalidRequest(
                    "truncation", "truncation is '" + word + "'.", "Use auto or disabled.");
        }
        return word.equals("auto");
    }

    private static String logitBias(Fields request) {
        Fields biases = request.object("logit_bias").orElse(null);
        if (biases == null || biases.node().isEmpty()) {
            return "";
        }
        if (biases.node().size() > MOST_BIASES) {
            throw ServerException.invalidRequest(
                    "logit_bias",
                    "logit_bias has " + biases.node().size() + " entries.",
                    "Use at most " + MOST_BIASES + ".");
        }
        for (String token : biases.node().propertyNames()) {
            if (!TOKEN.matcher(token).matches()) {
                throw ServerException.invalidRequest(
                        "logit_bias", "logit_bias names '" + token + "', which is no token id.", "Use token ids.");
            }
            biases.number(token, -100, 100);
        }
        return JsonBodies.write(biases.node());
    }

    /** The limit on new tokens that holds for the model, or 0 for none. */
    int limit(ModelConfig model) {
        return maxTokens.orElse(model.defaults().maxTokens().orElse(0));
    }

    /** @param choice which of the choices, whose seeds differ so that they do */
    void apply(ModelConfig model, int choice, PredictOptions.Builder options) {
        ModelConfig.Defaults defaults = model.defaults();
        List<String> stops = new ArrayList<>(model.stop());
        stops.addAll(stop);
        options.setTemperature((float) or(temperature, defaults.temperature(), DEFAULT_TEMPERATURE))
                .setTopP((float) or(topP, defaults.topP(), DEFAULT_TOP_P))
                .setTopK(topK.orElse(defaults.topK().orElse(DEFAULT_TOP_K)))
                .setMinP((float) or(minP, defaults.minP(), 0))
                .setTokens(limit(model))
                .setSeed(
                        seed.isPresent()
                                ? fold(seed.getAsLong() + choice)
                                : defaults.seed().orElse(0))
                .setTypicalP((float) typicalP.orElse(0))
                .setLogitBias(logitBias)
                .addAllStopPrompts(stops);
        penalties.apply(options);
        logprobs.apply(options);
        options.setTruncatePrompt(truncate);
    }

    private static double or(OptionalDouble asked, OptionalDouble configured, double otherwise) {
        return asked.orElse(configured.orElse(otherwise));
    }

    /** The contract has 32 bits for a seed, of which 0 and −1 mean "none": every other number stays a seed. */
    static int fold(long seed) {
        int folded = seed == (int) seed ? (int) seed : Long.hashCode(seed);
        return folded == 0 || folded == -1 ? 0x5EED ^ folded : folded;
    }
}
