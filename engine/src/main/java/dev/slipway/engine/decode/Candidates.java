package dev.slipway.engine.decode;

import java.util.Arrays;

/**
 * The tokens that may come next, by ascending id, each with a score and, in proportion to its probability, a weight.
 *
 * <p>Nothing here sorts: a step that keeps "the best until they together reach a share" finds the border by looking at
 * ever more bits of the scores, from the highest on. So the cost of a vocabulary of 150,000 tokens stays well below a
 * millisecond. Scratch space; kept from token to token, for one thread at a time.
 */
final class Candidates {
    /** Candidates this far below the likeliest have, even all together, no share that a double could tell from 0. */
    private static final float NOTHING = -60;

    /** Shares that are reached but for rounding are reached. */
    private static final double ROUNDING = 1 - 1e-6;

    private static final int[] SHIFTS = {21, 10, 0};
    private static final int BUCKETS = 1 << 11;

    private final Likeliest likeliest = new Likeliest();
    private final double[] shares = new double[BUCKETS];
    private int[] tokens = {};
    private float[] scores = {};
    private float[] keys = {};
    private float[] weights = {};
    private int size;

    /** The tokens that are left, by ascending id. */
    int[] tokens() {
        return Arrays.copyOf(tokens, size);
    }

    /**
     * Takes the likeliest tokens.
     *
     * @param most the largest logit
     * @param limit most tokens to take; of equal ones, those of lower ids
     * @param leastShare tokens less likely than this share of the likeliest are left out
     */
    void fill(float[] logits, int offset, int count, float most, float temperature, int limit, float leastShare) {
        reserve(count);
        float floor = most + temperature * Math.max(NOTHING, (float) Math.log(leastShare));
        int ties = Integer.MAX_VALUE;
        if (limit < count) {
            Likeliest.Border border = likeliest.border(logits, offset, count, limit);
            if (border.value() >= floor) {
                floor = border.value();
                ties = border.ties();
            }
        }
        size = 0;
        for (int i = 0; i < count; i++) {
            float logit = logits[offset + i];
            // Also leaves out what is not a number.
            if (logit >= floor && (logit > floor || ties-- > 0)) {
                tokens[size] = i;
                scores[size++] = (logit - most) / temperature;
            }
        }
        exponentials(scores, weights, size);
    }

    /** Keeps the likeliest tokens that together reach a share of the probability. */
    void keepLikeliest(float share) {
        System.arraycopy(weights, 0, keys, 0, size);
        keepBest(share);
    }

    /** Keeps the tokens whose information is nearest to the expected one, until they together reach a share. */
    void keepTypical(float share) {
        double total = total();
        double logTotal = Math.log(total);
        double entropy = 0;
        for (int i = 0; i < size; i++) {
            entropy -= weights[i] / total * (scores[i] - logTotal);
        }
        for (int i = 0; i < size; i++) {
            keys[i] = (float) -Math.abs(scores[i] - logTotal + entropy);
        }
        keepBest(share);
    }

    /** Draws one token with a random number from 0 to 1. */
    int draw(double at) {
        double left = at * total();
        int last = 0;
        for (int i = 0; i < size; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
                if (left < 0) {
                    break;
                }
            }
            // Rounding may leave something over; a token that is not allowed weighs nothing and is never drawn.
            last = weights[i] > 0 ? i : last;
        }
        return tokens[last];
    }

    private double total() {
        double total = 0;
        for (int i = 0; i < size; i++) {
            total += weights[i];
        }
        return total;
    }

    /** Keeps the largest keys, of equal ones those of lower ids, until their weights reach a share of all. */
    private void keepBest(float share) {
        double wanted = total() * share * ROUNDING;
        double reached = 0;
        int border = 0;
        int known = 0;
        for (int shift : SHIFTS) {
            countShares(shift, known, border);
            int bucket = BUCKETS - 1;
            while (bucket > 0 && reached + shares[bucket] < wanted) {
                reached += shares[bucket--];
            }
            border |= bucket << shift;
            known = -1 << shift;
        }
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int order = Integer.compareUnsigned(ordered(keys[i]), border);
            if (order > 0 || (order == 0 && reached < wanted)) {
                reached += order == 0 ? weights[i] : 0;
                tokens[kept] = tokens[i];
                scores[kept] = scores[i];
                weights[kept++] = weights[i];
            }
        }
        size = kept;
    }

    /** Adds up the weights by the bits of their keys above {@code shift}, where the {@code known} bits are right. */
    private void countShares(int shift, int known, int border) {
        Arrays.fill(shares, 0);
        for (int i = 0; i < size; i++) {
            int bits = ordered(keys[i]);
            if ((bits & known) == border) {
                shares[bits >>> shift & BUCKETS - 1] += weights[i];
            }
        }
    }

    /** A float's bits so that, unsigned, they are in the order of the floats. */
    private static int ordered(float value) {
        int bits = Float.floatToRawIntBits(value);
        return bits ^ (bits >> 31 | Integer.MIN_VALUE);
    }

    /**
     * {@code out[i] = e^x[i]} for −60 ≤ x ≤ 0, within 10⁻⁷ of it down to −20: the series of e^(x/256), squared eight
     * times, because loops of nothing but multiplications and additions become vector code and {@link Math#exp} does not.
     */
    static void exponentials(float[] x, float[] out, int count) {
        for (int i = 0; i < count; i++) {
            double t = x[i] * (1 / 256.0);
            double e = 1 + t * (1 + t * (1 / 2.0 + t * (1 / 6.0 + t * (1 / 24.0 + t * (1 / 120.0)))));
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            e *= e;
            out[i] = (float) e;
        }
    }

    private void reserve(int count) {
        if (tokens.length < count) {
            tokens = new int[count];
            scores = new float[count];
            keys = new float[count];
            weights = new float[count];
        }
    }
}
