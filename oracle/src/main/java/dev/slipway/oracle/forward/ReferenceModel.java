package dev.slipway.oracle.forward;

import dev.slipway.model.Metadata;
import dev.slipway.model.ModelFile;

/**
 * Llama, Qwen2, Qwen3 and Mistral in double precision, the whole text at once, straight from their papers. What makes them differ is
 * read off the file: biases, head norms, a window, how pairs of a head lie.
 *
 * @see <a href="https://arxiv.org/abs/2302.13971">LLaMA</a>
 * @see <a href="https://arxiv.org/abs/2310.06825">Mistral: sliding window</a>
 * @see <a href="https://arxiv.org/abs/2505.09388">Qwen3: norms of queries and keys</a>
 */
public final class ReferenceModel {
    private final StoredWeights weights;
    private final Positions positions;
    private final boolean neighbours;
    private final int blocks;
    private final int heads;
    private final int kvHeads;
    private final int headSize;
    private final int window;
    private final double epsilon;

    /** Takes a GGUF file, which must stay open. */
    public ReferenceModel(ModelFile file) {
        Metadata metadata = file.metadata();
        String architecture = metadata.string("general.architecture").orElseThrow();
        String prefix = architecture + ".";
        this.weights = new StoredWeights(file);
        this.neighbours = architecture.equals("llama");
        this.blocks = (int) metadata.integer(prefix + "block_count").orElseThrow();
        this.heads = (int) metadata.integer(prefix + "attention.head_count").orElseThrow();
        this.kvHeads =
                (int) metadata.integer(prefix + "attention.head_count_kv").orElse(heads);
        int width = (int) metadata.integer(prefix + "embedding_length").orElseThrow();
        this.headSize = (int) metadata.integer(prefix + "attention.key_length").orElse(width / heads);
        this.window =
                (int) metadata.integer(prefix + "attention.sliding_window").orElse(Integer.MAX_VALUE);
        this.epsilon =
                metadata.floating(prefix + "attention.layer_norm_rms_epsilon").orElseThrow();
        int turned = (int) metadata.integer(prefix + "rope.dimension_count").orElse(headSize);
        this.positions = Positions.read(metadata, prefix, turned, weights);
    }

    /** The logits after each token. */
    public double[][] logits(int... tokens) {
        double[][] x = new double[tokens.length][];
        for (int t = 0; t < tokens.length; t++) {
            x[t] = weights.matrix("token_embd.weight")[tokens[t]].clone();
        }
        for (int block = 0; block < blocks; block++) {
            String name = "blk." + block + ".";
            add(x, attention(name, norm(x, weights.vector(name + "attn_norm.weight"))));
            add(x, feedForward(name, norm(x, weights.vector(name + "ffn_norm.weight"))));
        }
        String output = weights.has("output.weight") ? "output.weight" : "token_embd.weight";
        return times(norm(x, weights.vector("output_norm.weight")), output);
    }

    private double[][] attention(String name, double[][] x) {
        double[][] q = turned(headNormed(projected(x, name + "attn_q"), name + "attn_q_norm.weight"));
        double[][] k = turned(headNormed(projected(x, name + "attn_k"), name + "attn_k_norm.weight"));
        double[][] v = projected(x, name + "attn_v");
        double[][] mixed = new double[x.length][heads * headSize];
        for (int t = 0; t < x.length; t++) {
            int first = window > t ? 0 : t - window + 1;
            for (int head = 0; head < heads; head++) {
                mix(q[t], k, v, first, t, head, mixed[t]);
            }
        }
        return times(mixed, name + "attn_output.weight");
    }

    private void mix(double[] q, double[][] k, double[][] v, int first, int last, int head, double[] mixed) {
        int kv = head / (heads / kvHeads) * headSize;
        double[] share = new double[last - first + 1];
        double largest = Double.NEGATIVE_INFINITY;
        for (int s = first; s <= last; s++) {
            double score = 0;
            for (int d = 0; d < headSize; d++) {
                score += q[head * headSize + d] * k[s][kv + d];
            }
            share[s - first] = score / Math.sqrt(headSize);
            largest = Math.max(largest, share[s - first]);
        }
        double sum = 0;
        for (int i = 0; i < share.length; i++) {
            share[i] = Math.exp(share[i] - largest);
            sum += share[i];
        }
        for (int s = first; s <= last; s++) {
            for (int d = 0; d < headSize; d++) {
                mixed[head * headSize + d] += share[s - first] / sum * v[s][kv + d];
            }
        }
    }

    private double[][] projected(double[][] x, String name) {
        double[][] y = times(x, name + ".weight");
        if (weights.has(name + ".bias")) {
            double[] bias = weights.vector(name + ".bias");
            for (double[] row : y) {
                for (int i = 0; i < row.length; i++) {
                    row[i] += bias[i];
                }
            }
        }
        return y;
    }

    private double[][] headNormed(double[][] x, String name) {
        if (weights.has(name)) {
            double[] scale = weights.vector(name);
            for (double[] row : x) {
                for (int at = 0; at < row.length; at += headSize) {
                    double root = root(row, at, headSize);
                    for (int d = 0; d < headSize; d++) {
                        row[at + d] = row[at + d] / root * scale[d];
                    }
                }
            }
        }
        return x;
    }

    private double[][] turned(double[][] x) {
        int step = neighbours ? 2 : 1;
        int partner = neighbours ? 1 : positions.speeds().length;
        for (int t = 0; t < x.length; t++) {
            for (int at = 0; at < x[t].length; at += headSize) {
                positions.turn(x[t], at, t, step, partner);
            }
        }
        return x;
    }

    private double[][] feedForward(String name, double[][] x) {
        double[][] gate = times(x, name + "ffn_gate.weight");
        double[][] up = times(x, name + "ffn_up.weight");
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < gate[t].length; i++) {
                gate[t][i] = gate[t][i] / (1 + Math.exp(-gate[t][i])) * up[t][i];
            }
        }
        return times(gate, name + "ffn_down.weight");
    }

    private double root(double[] x, int at, int length) {
        double squares = 0;
        for (int i = at; i < at + length; i++) {
            squares += x[i] * x[i];
        }
        return Math.sqrt(squares / length + epsilon);
    }

    private double[][] norm(double[][] x, double[] scale) {
        double[][] normed = new double[x.length][scale.length];
        for (int t = 0; t < x.length; t++) {
            double root = root(x[t], 0, scale.length);
            for (int i = 0; i < scale.length; i++) {
                normed[t][i] = x[t][i] / root * scale[i];
            }
        }
        return normed;
    }

    private double[][] times(double[][] x, String name) {
        double[][] w = weights.matrix(name);
        double[][] y = new double[x.length][w.length];
        for (int t = 0; t < x.length; t++) {
            for (int r = 0; r < w.length; r++) {
                double sum = 0;
                for (int c = 0; c < x[t].length; c++) {
                    sum += w[r][c] * x[t][c];
                }
                y[t][r] = sum;
            }
        }
        return y;
    }

    private static void add(double[][] x, double[][] change) {
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                x[t][i] += change[t][i];
            }
        }
    }
}
