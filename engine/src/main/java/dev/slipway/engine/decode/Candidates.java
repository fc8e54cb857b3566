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

    /** Ten bits of a key at a time; the last two come with eight that are known by then. */
    private static final int[] SHIFTS = {22, 12, 2, 0};

    private static final int BUCKETS = 1 << 10;

    /** Neighbours add to different sums, or each would wait for the one before. */
    private static final int LANES = 4;

    /** Candidates that drawing passes over in one step. */
    private static final int BLOCK = 256;

    private final Likeliest likeliest = new Likeliest();
    private final double[] shares = new double[BUCKETS * LANES];
    private int[] tokens = {};
    private float[] scores = {};
    private float[] keys = {};
    private int[] places = {};
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
        double total = sum(0, size);
        // Even all together, tokens below this average have no part in the share; there are many, and few above.
        keepAbove((float) ((1 - share) * total / size * ROUNDING));
        System.arraycopy(weights, 0, keys, 0, size);
        keepBest(share * total);
    }

    private void keepAbove(float least) {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            // Without a branch that nobody could foresee: what is not kept is overwritten by the next.
            move(i, kept);
            kept += weights[i] >= least ? 1 : 0;
        }
        size = kept;
    }

    /** Keeps the tokens whose information is nearest to the expected one, until they together reach a share. */
    void keepTypical(float share) {
        double total = sum(0, size);
        for (int i = 0; i < size; i++) {
            keys[i] = weights[i] * scores[i];
        }
        // Σ p · −ln p, with p = weight / total and ln p = score − ln total; so −ln p minus that is, but for its sign:
        double expected = sum(keys, 0, size) / total;
        for (int i = 0; i < size; i++) {
            keys[i] = -Math.abs((float) (scores[i] - expected));
        }
        keepBest(share * total);
    }

    /** Draws one token with a random number from 0 to 1. */
    int draw(double at) {
        double left = at * sum(0, size);
        int begin = 0;
        for (double block = sum(0, BLOCK); begin + BLOCK < size && left >= block; block = sum(begin, begin + BLOCK)) {
            left -= block;
            begin += BLOCK;
        }
        int last = begin;
        for (int i = begin; i < size && left >= 0; i++) {
            if (weights[i] > 0) {
                last = i;
                left -= weights[i];
            }
        }
        return tokens[last];
    }

    private double sum(int from, int to) {
        return sum(weights, from, Math.min(to, size));
    }

    /** Four sums at a time, so that one addition need not wait for the other. */
    private static double sum(float[] values, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
        }
        for (; i < to; i++) {
            a += values[i];
        }
        return a + b + (c + d);
    }

    /** Keeps the largest keys, of equal ones those of lower ids, until their weights reach a sum. */
    private void keepBest(double sum) {
        double wanted = sum * ROUNDING;
        double reached = 0;
        int border = 0;
        for (int i = 0; i < size; i++) {
            places[i] = i;
        }
        int near = size;
        for (int shift : SHIFTS) {
            countShares(near, shift);
            int bucket = BUCKETS - 1;
            while (bucket > 0 && reached + share(bucket) < wanted) {
                reached += share(bucket--);
            }
            border |= bucket << shift;
            near = keepPlaces(near, shift, bucket);
        }
        // What is left is equal; here, the first ones count.
        int lastOfEqual = -1;
        for (int i = 0; i < near && reached < wanted; i++) {
            lastOfEqual = places[i];
            reached += weights[lastOfEqual];
        }
        keepFrom(border, lastOfEqual);
    }

    /** Adds up the weights at the first {@code near} places by ten bits of their keys. */
    private void countShares(int near, int shift) {
        Arrays.fill(shares, 0);
        for (int i = 0; i < near; i++) {
            int place = places[i];
            int bucket = ordered(keys[place]) >>> shift & BUCKETS - 1;
            shares[bucket * LANES + i % LANES] += weights[place];
        }
    }

    private double share(int bucket) {
        int at = bucket * LANES;
        return shares[at] + shares[at + 1] + (shares[at + 2] + shares[at + 3]);
    }

    private int keepPlaces(int near, int shift, int bucket) {
        int kept = 0;
        for (int i = 0; i < near; i++) {
            int place = places[i];
            places[kept] = place;
            kept += (ordered(keys[place]) >>> shift & BUCKETS - 1) == bucket ? 1 : 0;
        }
        return kept;
    }

    private void keepFrom(int border, int lastOfEqual) {
        int above = border + Integer.MIN_VALUE;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            int key = ordered(keys[i]) + Integer.MIN_VALUE;
            move(i, kept);
            kept += key > above | (key == above & i <= lastOfEqual) ? 1 : 0;
        }
        size = kept;
    }

    private void move(int from, int to) {
        tokens[to] = tokens[from];
        scores[to] = scores[from];
        weights[to] = weights[from];
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
            places = new int[count];
            weights = new float[count];
        }
    }
}
