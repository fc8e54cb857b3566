package dev.slipway.engine.kernel;

/**
 * What {@link VectorKernels} calculates, to the bit, in plain Java: the same sums in the same order, lane by lane.
 *
 * <p>Vector code that has not been compiled yet is a thousand times slower than it will be; this is what runs meanwhile,
 * and for good where the compiler makes nothing of vectors.
 */
final class LaneKernels {
    private final int lanes;
    private final int stripe;

    /**
     * Arithmetic as vectors of so many floats do it.
     *
     * @param stripe columns that {@link VectorRows} walks at a time
     */
    LaneKernels(int lanes, int stripe) {
        this.lanes = lanes;
        this.stripe = stripe;
    }

    void multiply(Matrix matrix, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        int columns = matrix.columns();
        float[] row = new float[columns];
        float[] sums = new float[4 * lanes];
        for (int r = fromRow; r < toRow; r++) {
            StoredFloats.row(matrix, r, row, 0);
            for (int t = 0; t < tokens; t++) {
                y[t * matrix.rows() + r] = dot(row, x, t * columns, sums);
            }
        }
    }

    private float dot(float[] row, float[] x, int xOffset, float[] sums) {
        int whole = row.length - row.length % stripe;
        java.util.Arrays.fill(sums, 0);
        for (int i = 0; i < whole; i += 4 * lanes) {
            for (int lane = 0; lane < 4 * lanes; lane++) {
                sums[lane] = Math.fma(row[i + lane], x[xOffset + i + lane], sums[lane]);
            }
        }
        int i = whole;
        for (; i + lanes <= row.length; i += lanes) {
            for (int lane = 0; lane < lanes; lane++) {
                sums[lane] = Math.fma(row[i + lane], x[xOffset + i + lane], sums[lane]);
            }
        }
        for (int lane = 0; lane < lanes; lane++) {
            sums[lane] = sums[lane] + sums[lanes + lane] + (sums[2 * lanes + lane] + sums[3 * lanes + lane]);
        }
        float sum = sumOfLanes(sums);
        for (; i < row.length; i++) {
            sum = Math.fma(row[i], x[xOffset + i], sum);
        }
        return sum;
    }

    private float sumOfLanes(float[] sums) {
        for (int half = lanes / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                sums[i] += sums[half + i];
            }
        }
        return sums[0];
    }

    void rmsNorm(float[] x, int xOffset, float[] weight, float epsilon, float[] out, int outOffset) {
        int length = weight.length;
        int whole = length - length % lanes;
        float[] sums = new float[lanes];
        for (int i = 0; i < whole; i++) {
            sums[i % lanes] = Math.fma(x[xOffset + i], x[xOffset + i], sums[i % lanes]);
        }
        float squares = sumOfLanes(sums);
        for (int i = whole; i < length; i++) {
            squares = Math.fma(x[xOffset + i], x[xOffset + i], squares);
        }
        float scale = (float) (1 / Math.sqrt(squares / length + epsilon));
        for (int i = 0; i < length; i++) {
            out[outOffset + i] = x[xOffset + i] * scale * weight[i];
        }
    }

    void siluTimes(float[] gate, float[] up, int from, int to) {
        int whole = to - (to - from) % lanes;
        for (int i = from; i < whole; i++) {
            gate[i] = gate[i] / (exp(-gate[i]) + 1f) * up[i];
        }
        for (int i = whole; i < to; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
        }
    }

    void softmax(float[] scores, int from, int to) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            most = Math.max(most, scores[i]);
        }
        int whole = to - (to - from) % lanes;
        float[] sums = new float[lanes];
        for (int i = from; i < whole; i++) {
            scores[i] = exp(scores[i] - most);
            sums[(i - from) % lanes] += scores[i];
        }
        float sum = sumOfLanes(sums);
        for (int i = whole; i < to; i++) {
            scores[i] = (float) Math.exp(scores[i] - most);
            sum += scores[i];
        }
        float scale = 1 / sum;
        for (int i = from; i < to; i++) {
            scores[i] *= scale;
        }
    }

    /** The steps of the vector form, one number at a time. */
    private static float exp(float v) {
        float bounded = Math.min(Math.max(v, -87f), 88f);
        int n = Float.floatToRawIntBits(bounded * 1.44269504f + 12582912f) - 0x4B400000;
        float rest = Math.fma((float) n, -0.693359375f, bounded);
        rest = Math.fma((float) n, 2.12194440e-4f, rest);
        float sum = rest * (1f / 720) + 1f / 120;
        sum = Math.fma(sum, rest, 1f / 24);
        sum = Math.fma(sum, rest, 1f / 6);
        sum = Math.fma(sum, rest, 0.5f);
        sum = Math.fma(sum, rest, 1f);
        sum = Math.fma(sum, rest, 1f);
        return Float.intBitsToFloat((n + 127) << 23) * sum;
    }
}
