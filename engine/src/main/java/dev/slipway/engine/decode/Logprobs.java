package dev.slipway.engine.decode;

import dev.slipway.engine.TokenLogprob;
import dev.slipway.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The model's own distribution over the next token, copied before anything changes the logits; see {@link TokenLogprob}.
 */
final class Logprobs {
    private static final float NOTHING = -60;

    private final float[] logits;
    private final double logTotal;

    /** Takes the logits of tokens 0 to {@code count}. */
    Logprobs(float[] all, int offset, int count) {
        logits = Arrays.copyOfRange(all, offset, offset + count);
        float most = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        float[] scores = new float[count];
        for (int i = 0; i < count; i++) {
            scores[i] = Math.max(NOTHING, logits[i] - most);
        }
        Candidates.exponentials(scores, scores, count);
        double total = 0;
        for (float weight : scores) {
            total += weight;
        }
        logTotal = most + Math.log(total);
    }

    /** What a token's report says, with so many alternatives. */
    TokenLogprob of(int token, int alternatives, Tokenizer tokenizer) {
        List<TokenLogprob> others = new ArrayList<>();
        for (int other : likeliest(alternatives)) {
            others.add(single(other, List.of(), tokenizer));
        }
        return single(token, others, tokenizer);
    }

    private TokenLogprob single(int token, List<TokenLogprob> alternatives, Tokenizer tokenizer) {
        return new TokenLogprob(token, tokenizer.bytesOf(token), logprob(token), alternatives);
    }

    /** The logarithm of a token's probability. */
    double logprob(int token) {
        // The logarithm of the sum is rounded, too: certainty must not read as more than that.
        return Math.min(0, logits[token] - logTotal);
    }

    /** The likeliest tokens, likeliest first; of equal ones, lower ids first. */
    List<Integer> likeliest(int most) {
        if (most == 0) {
            return List.of();
        }
        Likeliest.Border border = new Likeliest().border(logits, 0, logits.length, most);
        List<Integer> tokens = new ArrayList<>();
        int ties = border.ties();
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] > border.value() || (logits[i] == border.value() && ties-- > 0)) {
                tokens.add(i);
            }
        }
        tokens.sort(Comparator.comparingDouble(token -> -logits[token]));
        return tokens;
    }
}
