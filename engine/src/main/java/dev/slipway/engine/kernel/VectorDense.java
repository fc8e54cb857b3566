package dev.slipway.engine.kernel;

import static dev.slipway.engine.kernel.VectorRows.FLOATS;
import static dev.slipway.engine.kernel.VectorRows.LANES;
import static dev.slipway.engine.kernel.VectorRows.STRIPE;

import jdk.incubator.vector.FloatVector;

/**
 * One unpacked row times several tokens at once, so that a weight is loaded once for all of them.
 *
 * <p>Methods here are kept small and leave their running sums in an array: the compiler silently gives up on methods
 * with many more vector operations than these, and then everything becomes slower by a factor of ten or more.
 */
final class VectorDense {
    /** Floats that the running sums of the largest step take. */
    static final int SUMS = 16 * LANES;

    /** 16 running sums fit the 32 registers of a 512-bit machine; elsewhere half as many are used. */
    private static final boolean FOUR_TOKENS = LANES >= 16;

    private VectorDense() {}

    /**
     * Multiplies a few unpacked rows with all tokens: few tokens at a time with every row, so that they stay near.
     *
     * @param y result of row {@code r} and token {@code t} goes to {@code y[t * yStep + firstRow + r]}
     * @param sums scratch of {@link #SUMS} floats
     */
    static void multiply(
            float[] w, int rows, int columns, float[] x, int tokens, float[] y, int firstRow, int yStep, float[] sums) {
        int whole = columns - columns % STRIPE;
        for (int t = 0, step; t < tokens; t += step) {
            step = step(tokens - t);
            for (int r = 0; r < rows; r++) {
                int at = r * columns;
                switch (step) {
                    case 4 -> four(w, at, whole, x, t * columns, columns, sums);
                    case 2 -> two(w, at, whole, x, t * columns, columns, sums);
                    default -> one(w, at, whole, x, t * columns, sums);
                }
                for (int k = 0; k < step; k++) {
                    float sum = finish(w, at, whole, columns, x, (t + k) * columns, sums, 4 * k * LANES);
                    y[(t + k) * yStep + firstRow + r] = sum;
                }
            }
        }
    }

    private static int step(int tokensLeft) {
        if (FOUR_TOKENS && tokensLeft >= 4) {
            return 4;
        }
        return tokensLeft >= 2 ? 2 : 1;
    }

    /**
     * Adds what is left after the whole stripes, then the running sums, pair by pair. Not by {@code reduceLanes}: its
     * order is not defined, and interpreted and compiled code differ.
     */
    static float finish(float[] row, int at, int whole, int columns, float[] x, int xOffset, float[] sums, int from) {
        FloatVector first = FloatVector.fromArray(FLOATS, sums, from);
        int i = whole;
        for (; i + LANES <= columns; i += LANES) {
            first = FloatVector.fromArray(FLOATS, row, at + i)
                    .fma(FloatVector.fromArray(FLOATS, x, xOffset + i), first);
        }
        first.add(FloatVector.fromArray(FLOATS, sums, from + LANES))
                .add(FloatVector.fromArray(FLOATS, sums, from + 2 * LANES)
                        .add(FloatVector.fromArray(FLOATS, sums, from + 3 * LANES)))
                .intoArray(sums, from);
        float sum = sumOfLanes(sums, from);
        for (; i < columns; i++) {
            sum = Math.fma(row[at + i], x[xOffset + i], sum);
        }
        return sum;
    }

    /** The sum of one stored vector in a fixed order; overwrites it. */
    static float sumOfLanes(float[] lanes, int from) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[from + i] += lanes[from + half + i];
            }
        }
        return lanes[from];
    }

    private static void one(float[] row, int at, int columns, float[] x, int xOffset, float[] sums) {
        FloatVector a = FloatVector.zero(FLOATS);
        FloatVector b = a;
        FloatVector c = a;
        FloatVector d = a;
        for (int i = 0; i < columns; i += 4 * LANES) {
            a = load(row, at + i).fma(load(x, xOffset + i), a);
            b = load(row, at + i + LANES).fma(load(x, xOffset + i + LANES), b);
            c = load(row, at + i + 2 * LANES).fma(load(x, xOffset + i + 2 * LANES), c);
            d = load(row, at + i + 3 * LANES).fma(load(x, xOffset + i + 3 * LANES), d);
        }
        a.intoArray(sums, 0);
        b.intoArray(sums, LANES);
        c.intoArray(sums, 2 * LANES);
        d.intoArray(sums, 3 * LANES);
    }

    private static void two(float[] row, int at, int columns, float[] x, int xOffset, int step, float[] sums) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = a0;
        FloatVector c0 = a0;
        FloatVector d0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector c1 = a0;
        FloatVector d1 = a0;
        for (int i = 0; i < columns; i += 4 * LANES) {
            int j = xOffset + i;
            FloatVector w = load(row, at + i);
            a0 = w.fma(load(x, j), a0);
            a1 = w.fma(load(x, j + step), a1);
            w = load(row, at + i + LANES);
            b0 = w.fma(load(x, j + LANES), b0);
            b1 = w.fma(load(x, j + step + LANES), b1);
            w = load(row, at + i + 2 * LANES);
            c0 = w.fma(load(x, j + 2 * LANES), c0);
            c1 = w.fma(load(x, j + step + 2 * LANES), c1);
            w = load(row, at + i + 3 * LANES);
            d0 = w.fma(load(x, j + 3 * LANES), d0);
            d1 = w.fma(load(x, j + step + 3 * LANES), d1);
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, LANES);
        c0.intoArray(sums, 2 * LANES);
        d0.intoArray(sums, 3 * LANES);
        a1.intoArray(sums, 4 * LANES);
        b1.intoArray(sums, 5 * LANES);
        c1.intoArray(sums, 6 * LANES);
        d1.intoArray(sums, 7 * LANES);
    }

    private static void four(float[] row, int at, int columns, float[] x, int xOffset, int step, float[] sums) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector b0 = a0;
        FloatVector c0 = a0;
        FloatVector d0 = a0;
        FloatVector a1 = a0;
        FloatVector b1 = a0;
        FloatVector c1 = a0;
        FloatVector d1 = a0;
        FloatVector a2 = a0;
        FloatVector b2 = a0;
        FloatVector c2 = a0;
        FloatVector d2 = a0;
        FloatVector a3 = a0;
        FloatVector b3 = a0;
        FloatVector c3 = a0;
        FloatVector d3 = a0;
        for (int i = 0; i < columns; i += 4 * LANES) {
            int j0 = xOffset + i;
            int j1 = j0 + step;
            int j2 = j1 + step;
            int j3 = j2 + step;
            FloatVector w = load(row, at + i);
            a0 = w.fma(load(x, j0), a0);
            a1 = w.fma(load(x, j1), a1);
            a2 = w.fma(load(x, j2), a2);
            a3 = w.fma(load(x, j3), a3);
            w = load(row, at + i + LANES);
            b0 = w.fma(load(x, j0 + LANES), b0);
            b1 = w.fma(load(x, j1 + LANES), b1);
            b2 = w.fma(load(x, j2 + LANES), b2);
            b3 = w.fma(load(x, j3 + LANES), b3);
            w = load(row, at + i + 2 * LANES);
            c0 = w.fma(load(x, j0 + 2 * LANES), c0);
            c1 = w.fma(load(x, j1 + 2 * LANES), c1);
            c2 = w.fma(load(x, j2 + 2 * LANES), c2);
            c3 = w.fma(load(x, j3 + 2 * LANES), c3);
            w = load(row, at + i + 3 * LANES);
            d0 = w.fma(load(x, j0 + 3 * LANES), d0);
            d1 = w.fma(load(x, j1 + 3 * LANES), d1);
            d2 = w.fma(load(x, j2 + 3 * LANES), d2);
            d3 = w.fma(load(x, j3 + 3 * LANES), d3);
        }
        a0.intoArray(sums, 0);
        b0.intoArray(sums, LANES);
        c0.intoArray(sums, 2 * LANES);
        d0.intoArray(sums, 3 * LANES);
        a1.intoArray(sums, 4 * LANES);
        b1.intoArray(sums, 5 * LANES);
        c1.intoArray(sums, 6 * LANES);
        d1.intoArray(sums, 7 * LANES);
        a2.intoArray(sums, 8 * LANES);
        b2.intoArray(sums, 9 * LANES);
        c2.intoArray(sums, 10 * LANES);
        d2.intoArray(sums, 11 * LANES);
        a3.intoArray(sums, 12 * LANES);
        b3.intoArray(sums, 13 * LANES);
        c3.intoArray(sums, 14 * LANES);
        d3.intoArray(sums, 15 * LANES);
    }

    private static FloatVector load(float[] floats, int at) {
        return FloatVector.fromArray(FLOATS, floats, at);
    }
}
