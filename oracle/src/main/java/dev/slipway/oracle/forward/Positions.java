package dev.slipway.oracle.forward;

import dev.slipway.model.Metadata;
import java.util.Arrays;

/**
 * How a position turns the pairs of a head: by {@code position · speed}, after which both are made {@code size} times as
 * large.
 *
 * @param speeds radians per position, one per pair
 * @param size 1 but for YaRN
 * @see <a href="https://arxiv.org/abs/2104.09864">RoFormer</a>
 * @see <a href="https://arxiv.org/abs/2309.00071">YaRN</a>
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Positions(double[] speeds, double size) {
    /** Turns per original context above which YaRN leaves a pair alone, and below which it slows it down fully. */
    private static final double YARN_FAST = 32;

    private static final double YARN_SLOW = 1;

    /** As a GGUF file's metadata say. */
    static Positions read(Metadata metadata, String prefix, int turned, StoredWeights weights) {
        double base = metadata.floating(prefix + "rope.freq_base").orElse(10_000);
        double[] speeds = new double[turned / 2];
        Arrays.setAll(speeds, i -> Math.pow(base, -2.0 * i / turned));
        if (weights.has("rope_freqs.weight")) {
            double[] divisors = weights.vector("rope_freqs.weight");
            Arrays.setAll(speeds, i -> speeds[i] / divisors[i]);
        }
        double factor = metadata.floating(prefix + "rope.scaling.factor").orElse(1);
        String kind = metadata.string(prefix + "rope.scaling.type").orElse("none");
        return switch (kind) {
            case "none" -> new Positions(speeds, 1);
            case "linear" ->
                new Positions(Arrays.stream(speeds).map(speed -> speed / factor).toArray(), 1);
            case "yarn" -> {
                double original = metadata.integer(prefix + "rope.scaling.original_context_length")
                        .orElseThrow();
                yield new Positions(yarn(speeds, base, turned, factor, original), 0.1 * Math.log(factor) + 1);
            }
            default -> throw new IllegalArgumentException("rope scaling " + kind);
        };
    }

    private static double[] yarn(double[] speeds, double base, int turned, double factor, double original) {
        double first = Math.max(0, Math.floor(pairWithTurns(YARN_FAST, base, turned, original)));
        double last = Math.min(turned - 1, Math.ceil(pairWithTurns(YARN_SLOW, base, turned, original)));
        double[] slowed = new double[speeds.length];
        for (int i = 0; i < slowed.length; i++) {
            double share = Math.clamp((i - first) / Math.max(0.001, last - first), 0, 1);
            slowed[i] = speeds[i] * (1 - share) + speeds[i] / factor * share;
        }
        return slowed;
    }

    /** The pair, as a real number, that makes so many turns over the original context. */
    private static double pairWithTurns(double turns, double base, int turned, double original) {
        return turned * Math.log(original / (turns * 2 * Math.PI)) / (2 * Math.log(base));
    }

    /** Turns one head's vector in place. */
    void turn(double[] x, int at, int position, int step, int partner) {
        for (int i = 0; i < speeds.length; i++) {
            double cosine = Math.cos(position * speeds[i]) * size;
            double sine = Math.sin(position * speeds[i]) * size;
            int a = at + i * step;
            double first = x[a];
            double second = x[a + partner];
            x[a] = first * cosine - second * sine;
            x[a + partner] = first * sine + second * cosine;
        }
    }
}
