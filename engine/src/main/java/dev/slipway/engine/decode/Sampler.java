package dev.slipway.engine.decode;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.EngineException;
import dev.slipway.engine.SamplingOptions;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses the tokens of one sequence, in the steps that {@link SamplingOptions} describes; a mask comes before all of
 * them.
 *
 * <p>Ties go to the lower token id, and the random numbers belong to this sequence alone, so equal logits and an equal
 * seed give equal tokens, whatever else runs.
 */
final class Sampler {
    private final SamplingOptions options;
    private final History history;
    private final SplittableRandom random;

    /** @param prompt what the repeat penalty looks back on at the beginning */
    Sampler(SamplingOptions options, int[] prompt) {
        this.options = options;
        this.history = new History(options.penalties(), prompt);
        this.random = new SplittableRandom(
                options.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    /**
     * The next token, which counts as part of the answer from now on.
     *
     * @param logits those of tokens 0 to {@code count}, which begin at {@code offset}; they are changed
     * @param scratch space for this call
     * @throws EngineException {@code engine.no-token} when the mask or bans leave none
     */
    int sample(float[] logits, int offset, int count, TokenMask mask, Candidates scratch) {
        mask.apply(logits, offset, count);
        for (Map.Entry<Integer, Float> bias : options.logitBias().entrySet()) {
            logits[offset + bias.getKey()] +=
                    bias.getValue() <= SamplingOptions.BAN ? Float.NEGATIVE_INFINITY : bias.getValue();
        }
        history.punish(logits, offset);
        int token = choose(logits, offset, count, scratch);
        history.add(token);
        return token;
    }

    private int choose(float[] logits, int offset, int count, Candidates scratch) {
        int likeliest = likeliest(logits, offset, count);
        if (options.temperature() == 0) {
            return likeliest;
        }
        int limit = options.topK() == 0 ? count : Math.min(count, options.topK());
        scratch.fill(logits, offset, count, logits[offset + likeliest], options.temperature(), limit, options.minP());
        if (options.typicalP() < 1) {
            scratch.keepTypical(options.typicalP());
        }
        if (options.topP() < 1) {
            scratch.keepLikeliest(options.topP());
        }
        return scratch.draw(random.nextDouble());
    }

    private static int likeliest(float[] logits, int offset, int count) {
        float most = Float.NEGATIVE_INFINITY;
        int best = -1;
        for (int i = 0; i < count; i++) {
            if (logits[offset + i] > most) {
                most = logits[offset + i];
                best = i;
            }
        }
        if (best < 0) {
            throw new EngineException(
                    "engine.no-token",
                    ErrorKind.INVALID,
                    "No token is left to go on with: all are excluded, or the model's results are no numbers.",
                    "Exclude fewer tokens by logit bias or grammar; if none were, get the model again.",
                    null);
        }
        return best;
    }
}
