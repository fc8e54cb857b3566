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
    public void store(Page page, int layer, int head, int position, KvRows rows) {
        StoredPages.store(page, layer, head, position, rows);
    }

    @Override
    public void attend(AttentionTile tile) {
        PageForm form = tile.form();
        int last = tile.to(tile.count() - 1) - tile.firstPage() * PAGE;
        int pages = Math.ceilDiv(last, PAGE);
        float[][] keys = new float[pages][form.headSize() * PAGE];
        float[][] values = new float[pages][PAGE * form.valueRow()];
        for (int i = 0; i < pages; i++) {
            Page page = tile.pages().get(i);
            StoredPages.readKeys(form, page.keys(tile.layer(), tile.kvHead()), keys[i]);
            StoredPages.readValues(form, page.values(tile.layer(), tile.kvHead()), values[i]);
        }
        for (int row = 0; row < tile.count(); row++) {
            attend(tile, row, keys, values);
        }
    }

    private static void attend(AttentionTile tile, int row, float[][] keys, float[][] values) {
        int headSize = tile.form().headSize();
        int start = tile.firstPage() * PAGE;
        int from = tile.from(row);
        double[] shares = new double[tile.to(row) - from];
        double most = Double.NEGATIVE_INFINITY;
        for (int p = 0; p < shares.length; p++) {
            int position = from + p - start;
            for (int d = 0; d < headSize; d++) {
                double key = keys[position / PAGE][d * PAGE + position % PAGE];
                shares[p] += tile.rows().queries()[tile.at(row) + d] * key;
            }
            shares[p] *= tile.scale();
            most = Math.max(most, shares[p]);
        }
        double sum = 0;
        for (int p = 0; p < shares.length; p++) {
            shares[p] = Math.exp(shares[p] - most);
            sum += shares[p];
        }
        for (int d = 0; d < headSize; d++) {
            double mixed = 0;
            for (int p = 0; p < shares.length; p++) {
                int position = from + p - start;
                mixed += shares[p]
                        * values[position / PAGE][position % PAGE * tile.form().valueRow() + d];
            }
            tile.rows().results()[tile.at(row) + d] = (float) (mixed / sum);
        }
    }
}
