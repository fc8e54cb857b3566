package dev.slipway.engine.model;

import dev.slipway.model.OpenModel;
import dev.slipway.model.RopePairing;

/**
 * Rotary position embedding: turns pairs of a head's elements by an angle that grows with the position.
 *
 * @see <a href="https://arxiv.org/abs/2104.09864">Su et al., RoFormer</a>
 */
final class Rope {
    private final RopePairing pairing;
    private final int headSize;
    private final double[] speeds;
    private final double amplitude;

    private Rope(RopePairing pairing, int headSize, double[] speeds, double amplitude) {
        this.pairing = pairing;
        this.headSize = headSize;
        this.speeds = speeds;
        this.amplitude = amplitude;
    }

    /** Reads base, scaling and, where present, the factors that long-context models give per pair. */
    static Rope read(OpenModel model, ModelShape shape, Tensors tensors) {
        ModelShape.Keys keys = new ModelShape.Keys(model, shape.architecture());
        int turned = keys.size("rope.dimension_count", shape.headSize(), shape.headSize());
        if (turned % 2 != 0) {
            throw keys.wrong("rope.dimension_count is " + turned + ", which is odd");
        }
        double base = keys.positive("rope.freq_base", 10_000);
        double[] speeds = new double[turned / 2];
        for (int i = 0; i < speeds.length; i++) {
            speeds[i] = Math.pow(base, -2.0 * i / turned);
        }
        if (tensors.has("rope_freqs.weight")) {
            float[] factors = tensors.vector("rope_freqs.weight", speeds.length);
            for (int i = 0; i < speeds.length; i++) {
                speeds[i] /= factors[i];
                if (!Double.isFinite(speeds[i])) {
                    throw keys.wrong("rope_freqs.weight holds " + factors[i]);
                }
            }
        }
        RopeScaling scaling = RopeScaling.read(keys, base);
        return new Rope(model.ropePairing(), shape.headSize(), scaling.slowed(speeds), scaling.amplitude());
    }

    /** Radians per position, one per pair. */
    double[] speeds() {
        return speeds.clone();
    }

    /** Cosines and sines of each row's position, times the amplitude. */
    Angles angles(Batch batch) {
        int half = speeds.length;
        float[] cosines = new float[batch.size() * half];
        float[] sines = new float[batch.size() * half];
        for (int row = 0; row < batch.size(); row++) {
            for (int i = 0; i < half; i++) {
                double angle = batch.row(row).position() * speeds[i];
                cosines[row * half + i] = (float) (amplitude * Math.cos(angle));
                sines[row * half + i] = (float) (amplitude * Math.sin(angle));
            }
        }
        return new Angles(cosines, sines);
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Angles(float[] cosines, float[] sines) {}

    /** Turns all heads of all rows; {@code vectors} is rows × heads × head size. */
    void turn(float[] vectors, int rows, int heads, Angles angles) {
        int half = speeds.length;
        int step = pairing == RopePairing.NEIGHBOURS ? 2 : 1;
        int partner = pairing == RopePairing.NEIGHBOURS ? 1 : half;
        for (int row = 0; row < rows; row++) {
            for (int head = 0; head < heads; head++) {
                int at = (row * heads + head) * headSize;
                for (int i = 0; i < half; i++) {
                    float cosine = angles.cosines[row * half + i];
                    float sine = angles.sines[row * half + i];
                    float a = vectors[at + i * step];
                    float b = vectors[at + i * step + partner];
                    vectors[at + i * step] = a * cosine - b * sine;
                    vectors[at + i * step + partner] = a * sine + b * cosine;
                }
            }
        }
    }
}
