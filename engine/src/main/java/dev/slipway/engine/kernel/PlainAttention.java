package dev.slipway.engine.kernel;

import java.util.Arrays;

/**
 * Attention as the fast providers calculate it, to the bit, in plain Java: page by page with an online softmax, in 32-bit
 * floats. Every vector width gives these bits, because each sum runs along one dimension or along the positions in order,
 * lane by lane, and the sum of a page's shares is folded in halves.
 *
 * <p>A row of queries keeps three things from page to page: the largest scaled score so far, the sum of the shares, and the
 * mixed values; when a larger score comes, what was gathered is scaled down. A page that a row does not look at changes
 * nothing, so it makes no difference whether it is walked through for the sake of other rows.
 *
 * @see <a href="https://arxiv.org/abs/1805.02867">Milakov and Gimelshein, Online normalizer calculation for softmax</a>
 * @see <a href="https://arxiv.org/abs/2205.14135">Dao et al., FlashAttention</a>
 */
final class PlainAttention {
    private static final int PAGE = KernelProvider.PAGE;

    /** Scores become exponents of two: one multiplication less for each. */
    private static final double LOG2_E = 1.4426950408889634;

    /** Stands for the score of what is not looked at; far below any real one. */
    static final float HIDDEN = -1e30f;

    /** Shares below 2 to this power count as 2 to this power. */
    static final float LEAST_EXPONENT = -125;

    /** Adding this rounds to a whole number, which stands in the lowest bits. */
    static final float ROUNDER = 12582912;

    /** 2^r for r within ±1/2, to 1e-7: coefficients of r⁵ to r, and 1. */
    static final float[] POWERS = {0.0013264725f, 0.009671513f, 0.055507336f, 0.24022242f, 0.693147f, 1};

    private final AttentionTile tile;
    private final int headSize;
    private final int width;
    private final float factor;
    private final float[] keys;
    private final float[] values;
    private final float[] scores = new float[PAGE];
    private final float[] tops;
    private final float[] sums;
    private final float[] mixed;

    private PlainAttention(AttentionTile tile) {
        this.tile = tile;
        this.headSize = tile.form().headSize();
        this.width = tile.form().valueRow();
        this.factor = factor(tile.scale());
        this.keys = new float[headSize * PAGE];
        this.values = new float[PAGE * width];
        this.tops = new float[tile.count()];
        this.sums = new float[tile.count()];
        this.mixed = new float[tile.count() * width];
        Arrays.fill(tops, HIDDEN);
    }

    /** What raw scores are multiplied with to become exponents of two. */
    static float factor(float scale) {
        return (float) (scale * LOG2_E);
    }

    static void attend(AttentionTile tile) {
        new PlainAttention(tile).run();
    }

    private void run() {
        int end = tile.to(tile.count() - 1);
        for (int page = 0; start(page) < end; page++) {
            Page stored = tile.pages().get(page);
            StoredPages.readKeys(tile.form(), stored.keys(tile.layer(), tile.kvHead()), keys);
            StoredPages.readValues(tile.form(), stored.values(tile.layer(), tile.kvHead()), values);
            for (int row = 0; row < tile.count(); row++) {
                int from = Math.max(0, tile.from(row) - start(page));
                int to = Math.min(PAGE, tile.to(row) - start(page));
                if (from < to) {
                    score(row);
                    mix(row, from, to);
                }
            }
        }
        for (int row = 0; row < tile.count(); row++) {
            float inverse = 1 / sums[row];
            for (int d = 0; d < headSize; d++) {
                tile.rows().results()[tile.at(row) + d] = mixed[row * width + d] * inverse;
            }
        }
    }

    private int start(int page) {
        return (tile.firstPage() + page) * PAGE;
    }

    private void score(int row) {
        int at = tile.at(row);
        Arrays.fill(scores, 0);
        for (int d = 0; d < headSize; d++) {
            float query = tile.rows().queries()[at + d];
            for (int p = 0; p < PAGE; p++) {
                scores[p] = Math.fma(keys[d * PAGE + p], query, scores[p]);
            }
        }
    }

    /** Takes the page's positions {@code from} to {@code to} in. */
    private void mix(int row, int from, int to) {
        float most = HIDDEN;
        for (int p = from; p < to; p++) {
            most = Math.max(most, scores[p]);
        }
        float top = Math.max(tops[row], most * factor);
        for (int p = 0; p < PAGE; p++) {
            scores[p] = p >= from && p < to ? power(Math.fma(scores[p], factor, -top)) : 0;
        }
        float decay = power(tops[row] - top);
        int at = row * width;
        for (int d = 0; d < width; d++) {
            mixed[at + d] *= decay;
        }
        for (int p = 0; p < to; p++) {
            float share = scores[p];
            for (int d = 0; d < width; d++) {
                mixed[at + d] = Math.fma(values[p * width + d], share, mixed[at + d]);
            }
        }
        tops[row] = top;
        sums[row] = Math.fma(sums[row], decay, folded(scores));
    }

    /** The sum of a page's shares; overwrites them. */
    static float folded(float[] shares) {
        for (int half = PAGE / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                shares[i] += shares[half + i];
            }
        }
        return shares[0];
    }

    /** 2^v for v up to 0. */
    static float power(float v) {
        float bounded = Math.max(v, LEAST_EXPONENT);
        float rounded = bounded + ROUNDER;
        float rest = bounded - (rounded - ROUNDER);
        float sum = POWERS[0];
        for (int i = 1; i < POWERS.length; i++) {
            sum = Math.fma(sum, rest, POWERS[i]);
        }
        return Float.intBitsToFloat(Float.floatToRawIntBits(sum) + (Float.floatToRawIntBits(rounded) << 23));
    }
}
