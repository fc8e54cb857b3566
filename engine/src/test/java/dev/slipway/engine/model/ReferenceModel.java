package dev.slipway.engine.model;

import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.Metadata;
import dev.slipway.model.OpenModel;
import dev.slipway.model.TensorInfo;

/**
 * Llama and Qwen2 once more, in double precision, the whole text at once, straight from the papers: shares no code with
 * the engine but the reading of stored weights.
 */
final class ReferenceModel {
    private final OpenModel file;
    private final String architecture;
    private final int heads;
    private final int kvHeads;
    private final int width;
    private final int headSize;

    ReferenceModel(OpenModel file) {
        this.file = file;
        this.architecture = file.metadata().string("general.architecture").orElseThrow();
        this.heads = whole("attention.head_count");
        this.kvHeads = whole("attention.head_count_kv");
        this.width = whole("embedding_length");
        this.headSize = width / heads;
    }

    private int whole(String key) {
        return (int) file.metadata().integer(architecture + "." + key).orElseThrow();
    }

    private double real(String key) {
        Metadata metadata = file.metadata();
        return metadata.floating(architecture + "." + key).orElseThrow();
    }

    /** The logits after each token. */
    double[][] logits(int[] tokens) {
        double[][] x = new double[tokens.length][];
        double[][] embedding = matrix("token_embd.weight");
        for (int t = 0; t < tokens.length; t++) {
            x[t] = embedding[tokens[t]].clone();
        }
        for (int layer = 0; layer < whole("block_count"); layer++) {
            String block = "blk." + layer + ".";
            addTo(x, attention(block, norm(x, block + "attn_norm.weight")));
            addTo(x, feedForward(block, norm(x, block + "ffn_norm.weight")));
        }
        String output = file.tensor("output.weight").isPresent() ? "output.weight" : "token_embd.weight";
        return times(norm(x, "output_norm.weight"), output);
    }

    private double[][] attention(String block, double[][] x) {
        double[][] q = turned(biased(times(x, block + "attn_q.weight"), block + "attn_q.bias"), heads);
        double[][] k = turned(biased(times(x, block + "attn_k.weight"), block + "attn_k.bias"), kvHeads);
        double[][] v = biased(times(x, block + "attn_v.weight"), block + "attn_v.bias");
        double[][] mixed = new double[x.length][heads * headSize];
        for (int t = 0; t < x.length; t++) {
            for (int h = 0; h < heads; h++) {
                int kv = h * kvHeads / heads;
                double[] share = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    double score = 0;
                    for (int d = 0; d < headSize; d++) {
                        score += q[t][h * headSize + d] * k[s][kv * headSize + d];
                    }
                    share[s] = Math.exp(score / Math.sqrt(headSize));
                    sum += share[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int d = 0; d < headSize; d++) {
                        mixed[t][h * headSize + d] += share[s] / sum * v[s][kv * headSize + d];
                    }
                }
            }
        }
        return times(mixed, block + "attn_output.weight");
    }

    private double[][] turned(double[][] x, int count) {
        double base = real("rope.freq_base");
        for (int t = 0; t < x.length; t++) {
            for (int h = 0; h < count; h++) {
                for (int i = 0; i < headSize / 2; i++) {
                    int a = h * headSize + (architecture.equals("llama") ? 2 * i : i);
                    int b = architecture.equals("llama") ? a + 1 : a + headSize / 2;
                    double angle = t / Math.pow(base, 2.0 * i / headSize);
                    double was = x[t][a];
                    x[t][a] = was * Math.cos(angle) - x[t][b] * Math.sin(angle);
                    x[t][b] = was * Math.sin(angle) + x[t][b] * Math.cos(angle);
                }
            }
        }
        return x;
    }

    private double[][] feedForward(String block, double[][] x) {
        double[][] gate = times(x, block + "ffn_gate.weight");
        double[][] up = times(x, block + "ffn_up.weight");
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < gate[t].length; i++) {
                gate[t][i] = gate[t][i] / (1 + Math.exp(-gate[t][i])) * up[t][i];
            }
        }
        return times(gate, block + "ffn_down.weight");
    }

    private double[][] norm(double[][] x, String weight) {
        double[] scale = matrix(weight)[0];
        double[][] out = new double[x.length][width];
        for (int t = 0; t < x.length; t++) {
            double squares = 0;
            for (double value : x[t]) {
                squares += value * value;
            }
            double root = Math.sqrt(squares / width + real("attention.layer_norm_rms_epsilon"));
            for (int i = 0; i < width; i++) {
                out[t][i] = x[t][i] / root * scale[i];
            }
        }
        return out;
    }

    private double[][] times(double[][] x, String weight) {
        double[][] w = matrix(weight);
        double[][] out = new double[x.length][w.length];
        for (int t = 0; t < x.length; t++) {
            for (int r = 0; r < w.length; r++) {
                for (int c = 0; c < x[t].length; c++) {
                    out[t][r] += w[r][c] * x[t][c];
                }
            }
        }
        return out;
    }

    private double[][] biased(double[][] x, String bias) {
        if (file.tensor(bias).isPresent()) {
            double[] values = matrix(bias)[0];
            for (double[] row : x) {
                for (int i = 0; i < row.length; i++) {
                    row[i] += values[i];
                }
            }
        }
        return x;
    }

    private static void addTo(double[][] x, double[][] change) {
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                x[t][i] += change[t][i];
            }
        }
    }

    private double[][] matrix(String name) {
        TensorInfo tensor = file.tensor(name).orElseThrow();
        Matrix matrix = Matrix.of(file, tensor);
        double[][] values = new double[matrix.rows()][matrix.columns()];
        float[] row = new float[matrix.columns()];
        for (int r = 0; r < values.length; r++) {
            StoredFloats.row(matrix, r, row, 0);
            for (int c = 0; c < row.length; c++) {
                values[r][c] = row[c];
            }
        }
        return values;
    }
}
