package dev.slipway.engine.kernel;

import java.util.List;

/** The plain reference: written to be read, exact rather than fast. Sums are taken in double precision. */
final class ScalarKernels implements KernelProvider {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void prepare(List<Matrix> samples) {}

    @Override
    public void multiply(Weights weights, int fromRow, int toRow, Activations activations, float[] y) {
        if (!(weights instanceof Matrix matrix) || !(activations instanceof PlainActivations plain)) {
            throw new IllegalArgumentException(weights.name() + " was loaded by another provider");
        }
        multiply(matrix, fromRow, toRow, plain.x(), plain.tokens(), y);
    }

    void multiply(Matrix matrix, int fromRow, int toRow, float[] x, int tokens, float[] y) {
        int columns = matrix.columns();
        float[] row = new float[columns];
        for (int r = fromRow; r < toRow; r++) {
            StoredFloats.row(matrix, r, row, 0);
            for (int t = 0; t < tokens; t++) {
                y[t * matrix.rows() + r] = dot(row, x, t * columns);
            }
        }
    }

    private static float dot(float[] row, float[] x, int xOffset) {
        double sum = 0;
        for (int i = 0; i < row.length; i++) {
            sum += (double) row[i] * x[xOffset + i];
        }
        return (float) sum;
    }

    @Override
    public void add(float[] y, int yOffset, float[] x, int xOffset, int length) {
        for (int i = 0; i < length; i++) {
            y[yOffset + i] += x[xOffset + i];
        }
    }

    @Override
    public void rmsNorm(float[] x, int xOffset, float[] weight, float epsilon, float[] out, int outOffset) {
        double squares = 0;
        for (int i = 0; i < weight.length; i++) {
            squares += (double) x[xOffset + i] * x[xOffset + i];
        }
        float scale = (float) (1 / Math.sqrt(squares / weight.length + epsilon));
        for (int i = 0; i < weight.length; i++) {
            out[outOffset + i] = x[xOffset + i] * scale * weight[i];
        }
    }

    @Override
    public void siluTimes(float[] gate, float[] up, int from, int to) {
        for (int i = from; i < to; i++) {
            gate[i] = (float) (gate[i] / (1 + Math.exp(-gate[i])) * up[i]);
        }
    }

    @Override
    public void softmax(float[] scores, int from, int to) {
        float most = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            most = Math.max(most, scores[i]);
        }
        double sum = 0;
        for (int i = from; i < to; i++) {
            scores[i] = (float) Math.exp(scores[i] - most);
            sum += scores[i];
        }
        for (int i = from; i < to; i++) {
            scores[i] = (float) (scores[i] / sum);
        }
    }

    @Override
    public void scores(
            PageSlice keys, float[] query, int queryOffset, float scale, int count, float[] scores, int scoresOffset) {
        for (int p = 0; p < count; p++) {
            double sum = 0;
            for (int d = 0; d < keys.headSize(); d++) {
                sum += (double) query[queryOffset + d] * keys.floats()[keys.offset() + d * PAGE + p];
            }
            scores[scoresOffset + p] = (float) (scale * sum);
        }
    }

    @Override
    public void mix(PageSlice values, float[] shares, int sharesOffset, int count, float[] out, int outOffset) {
        int headSize = values.headSize();
        for (int d = 0; d < headSize; d++) {
            double sum = out[outOffset + d];
            for (int p = 0; p < count; p++) {
                sum += (double) shares[sharesOffset + p] * values.floats()[values.offset() + p * headSize + d];
            }
            out[outOffset + d] = (float) sum;
        }
    }
}
