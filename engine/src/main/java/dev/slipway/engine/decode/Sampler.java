package dev.slipway.engine.decode;

import dev.slipway.engine.SamplingOptions;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Chooses the next token of one sequence.
 *
 * <p>Logits are divided by the temperature first; then min-p, top-k and top-p each take away from what the one before
 * left; then one token is drawn. Ties go to the lower token id, so equal logits and an equal seed give equal tokens.
 */
final class Sampler {
    private final SamplingOptions options;
    private final SplittableRandom random;
    private Candidates candidates = new Candidates(0);

    Sampler(SamplingOptions options) {
        this.options = options;
        this.random = new SplittableRandom(
                options.seed().orElseGet(() -> ThreadLocalRandom.current().nextLong()));
    }

    /** The next token, from the logits of tokens 0 to {@code count} that begin at {@code offset}. */
    int sample(float[] logits, int offset, int count) {
        int likeliest = likeliest(logits, offset, count);
        if (options.temperature() == 0) {
            return likeliest;
        }
        if (candidates.capacity() < count) {
            candidates = new Candidates(count);
        }
        candidates.fill(logits, offset, count, logits[offset + likeliest], options.temperature());
        if (options.minP() > 0) {
            candidates.keepAbove(options.minP());
        }
        int limit = options.topK() == 0 ? count : Math.min(count, options.topK());
        if (limit < count || options.topP() < 1) {
            candidates.keepLikeliest(limit, options.topP());
        }
        return candidates.draw(random.nextDouble());
    }

    private static int likeliest(float[] logits, int offset, int count) {
        int best = 0;
        for (int i = 1; i < count; i++) {
            if (logits[offset + i] > logits[offset + best]) {
                best = i;
            }
        }
        return best;
    }
}
