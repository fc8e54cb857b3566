package dev.slipway.engine.kernel;

import java.lang.foreign.MemorySegment;
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
class PlainAttention {
    static final int PAGE = KernelProvider.PAGE;

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

    final PageForm form;
    final float factor;
    final float[] keys;
    final float[] values;
    final float[] scores;
    private final AttentionTile tile;
    private final int headSize;
    private final int width;
    private final float[] queries;
    private final float[] tops;
    private final float[] sums;
    private final float[] mixed;

    /**
     * Products of rows of numbers with a matrix, added to what is there: {@code sums[r][c] += Σ numbers[r][k] · matrix[k][c]}, in
     * the order of {@code k}.
     *
     * @param numbersAt where the first row begins; the next one begins {@code stride} further on
     * @param columns of the matrix and of the sums, which begin at {@code sumsAt}; a multiple of 16
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Product(
            float[] numbers,
            int numbersAt,
            int stride,
            int rows,
            int depth,
            float[] matrix,
            int columns,
            float[] sums,
            int sumsAt) {}

    PlainAttention(AttentionTile tile) {
        this.tile = tile;
        this.form = tile.form();
        this.headSize = form.headSize();
        this.width = form.valueRow();
        this.factor = factor(tile.scale());
        this.keys = new float[headSize * PAGE];
        this.values = new float[PAGE * width];
        this.scores = new float[tile.count() * PAGE];
        this.queries = new float[tile.count() * headSize];
        this.tops = new float[tile.count()];
        this.sums = new float[tile.count()];
        this.mixed = new float[tile.count() * width];
        Arrays.fill(tops, HIDDEN);
    }

    /** What raw scores are multiplied with to become exponents of two. */
    static float factor(float scale) {
        return (float) (scale * LOG2_E);
    }

    final void run() {
        for (int row = 0; row < tile.count(); row++) {
            System.arraycopy(tile.rows().queries(), tile.at(row), queries, row * headSize, headSize);
        }
        int end = tile.to(tile.count() - 1);
        for (int page = 0; start(page) < end; page++) {
            look(tile.pages().get(page), start(page));
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

    /** All rows that look at some of a page: they follow each other. */
    private void look(Page page, int start) {
        int first = 0;
        while (tile.to(first) <= start) {
            first++;
        }
        int end = first;
        while (end < tile.count() && tile.from(end) < start + PAGE) {
            end++;
        }
        if (first == end) {
            return;
        }
        readKeys(page.keys(tile.layer(), tile.kvHead()));
        readValues(page.values(tile.layer(), tile.kvHead()));
        Arrays.fill(scores, 0, (end - first) * PAGE, 0);
        multiply(new Product(queries, first * headSize, headSize, end - first, headSize, keys, PAGE, scores, 0));
        for (int row = first; row < end; row++) {
            share(row, (row - first) * PAGE, start);
        }
        int depth = Math.min(PAGE, tile.to(end - 1) - start);
        multiply(new Product(scores, 0, PAGE, end - first, depth, values, width, mixed, first * width));
    }

    /** Turns a row's scores of a page into shares, and scales down what it has gathered before. */
    private void share(int row, int at, int start) {
        int from = Math.max(0, tile.from(row) - start);
        int to = Math.min(PAGE, tile.to(row) - start);
        float most = HIDDEN;
        for (int p = from; p < to; p++) {
            most = Math.max(most, scores[at + p]);
        }
        float top = Math.max(tops[row], most * factor);
        powers(at, top);
        Arrays.fill(scores, at, at + from, 0);
        Arrays.fill(scores, at + to, at + PAGE, 0);
        float decay = power(tops[row] - top);
        for (int d = row * width; d < (row + 1) * width; d++) {
            mixed[d] *= decay;
        }
        tops[row] = top;
        sums[row] = Math.fma(sums[row], decay, folded(Arrays.copyOfRange(scores, at, at + PAGE)));
    }

    // ---- what vectors do faster, to the same bits

    void readKeys(MemorySegment stored) {
        StoredPages.readKeys(form, stored, keys);
    }

    void readValues(MemorySegment stored) {
        StoredPages.readValues(form, stored, values);
    }

    void multiply(Product product) {
        int columns = product.columns;
        for (int row = 0; row < product.rows; row++) {
            int to = product.sumsAt + row * columns;
            for (int k = 0; k < product.depth; k++) {
                float number = product.numbers[product.numbersAt + row * product.stride + k];
                for (int c = 0; c < columns; c++) {
                    product.sums[to + c] = Math.fma(product.matrix[k * columns + c], number, product.sums[to + c]);
                }
            }
        }
    }

    /** Makes of a page's scores, from {@code at} on, the powers of two that belong to them. */
    void powers(int at, float top) {
        for (int p = at; p < at + PAGE; p++) {
            scores[p] = power(Math.fma(scores[p], factor, -top));
        }
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
