package dev.slipway.engine;

/** BERT's forward pass in double precision, written down from the paper with no regard to speed. */
public final class ReferenceEncoder {
    private static final int WIDTH = TinyEncoder.WIDTH;
    private static final int HEAD = WIDTH / TinyEncoder.HEADS;

    private final TinyEncoder weights;
    private final int firstPosition;

    public ReferenceEncoder(TinyEncoder weights, int firstPosition) {
        this.weights = weights;
        this.firstPosition = firstPosition;
    }

    /** The final states, one row for each token. */
    public double[][] states(int[] tokens, int[] types) {
        double[][] x = new double[tokens.length][WIDTH];
        for (int row = 0; row < tokens.length; row++) {
            for (int i = 0; i < WIDTH; i++) {
                x[row][i] = weights.values("token_embd.weight")[tokens[row] * WIDTH + i]
                        + (double) weights.values("position_embd.weight")[(firstPosition + row) * WIDTH + i]
                        + weights.values("token_types.weight")[types[row] * WIDTH + i];
            }
        }
        norm(x, "token_embd_norm");
        for (int block = 0; block < TinyEncoder.BLOCKS; block++) {
            String name = "blk." + block + ".";
            double[][] mixed =
                    attention(dense(x, name + "attn_q"), dense(x, name + "attn_k"), dense(x, name + "attn_v"));
            add(x, dense(mixed, name + "attn_output"));
            norm(x, name + "attn_output_norm");
            double[][] inner = dense(x, name + "ffn_up");
            for (double[] row : inner) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = row[i] * 0.5 * (1 + erf(row[i] / Math.sqrt(2)));
                }
            }
            add(x, dense(inner, name + "ffn_down"));
            norm(x, name + "layer_output_norm");
        }
        return x;
    }

    /** The scores of the head. */
    public double[] labels(double[][] states) {
        double[][] first = dense(new double[][] {states[0]}, "cls");
        for (int i = 0; i < WIDTH; i++) {
            first[0][i] = Math.tanh(first[0][i]);
        }
        return dense(first, "cls.output")[0];
    }

    private double[][] dense(double[][] x, String name) {
        float[] matrix = weights.values(name + ".weight");
        float[] bias = weights.values(name + ".bias");
        double[][] out = new double[x.length][bias.length];
        for (int row = 0; row < x.length; row++) {
            for (int o = 0; o < bias.length; o++) {
                double sum = bias[o];
                for (int i = 0; i < x[row].length; i++) {
                    sum += x[row][i] * matrix[o * x[row].length + i];
                }
                out[row][o] = sum;
            }
        }
        return out;
    }

    private static double[][] attention(double[][] q, double[][] k, double[][] v) {
        double[][] out = new double[q.length][WIDTH];
        for (int at = 0; at < WIDTH; at += HEAD) {
            for (int row = 0; row < q.length; row++) {
                double[] shares = new double[k.length];
                double total = 0;
                for (int other = 0; other < k.length; other++) {
                    double score = 0;
                    for (int i = 0; i < HEAD; i++) {
                        score += q[row][at + i] * k[other][at + i];
                    }
                    shares[other] = Math.exp(score / Math.sqrt(HEAD));
                    total += shares[other];
                }
                for (int other = 0; other < k.length; other++) {
                    for (int i = 0; i < HEAD; i++) {
                        out[row][at + i] += shares[other] / total * v[other][at + i];
                    }
                }
            }
        }
        return out;
    }

    private static void add(double[][] x, double[][] change) {
        for (int row = 0; row < x.length; row++) {
            for (int i = 0; i < WIDTH; i++) {
                x[row][i] += change[row][i];
            }
        }
    }

    private void norm(double[][] x, String name) {
        for (double[] row : x) {
            double mean = 0;
            for (double value : row) {
                mean += value / WIDTH;
            }
            double variance = 0;
            for (double value : row) {
                variance += (value - mean) * (value - mean) / WIDTH;
            }
            for (int i = 0; i < WIDTH; i++) {
                row[i] = (row[i] - mean)
                                / Math.sqrt(variance + TinyEncoder.EPSILON)
                                * weights.values(name + ".weight")[i]
                        + weights.values(name + ".bias")[i];
            }
        }
    }

    /** By its power series, which converges everywhere; far out it is ±1. */
    private static double erf(double x) {
        if (Math.abs(x) > 5) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; n < 200; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
