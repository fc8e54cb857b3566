package dev.slipway.engine.model;

import dev.slipway.engine.EngineException;

/**
 * How a model that was trained on short texts reads longer ones: its pairs turn more slowly than they did in training.
 *
 * <p>Speeds are in radians per position, one per pair, the fastest first.
 */
sealed interface RopeScaling {
    /** The speeds in place of the trained ones. */
    double[] slowed(double[] speeds);

    /** What turned queries and keys are multiplied with. */
    default double amplitude() {
        return 1;
    }

    /** No scaling. */
    record None() implements RopeScaling {
        @Override
        public double[] slowed(double[] speeds) {
            return speeds.clone();
        }
    }

    /**
     * Every pair turns more slowly by the same factor.
     *
     * @see <a href="https://arxiv.org/abs/2306.15595">Chen et al., Positional interpolation</a>
     */
    record Linear(double factor) implements RopeScaling {
        @Override
        public double[] slowed(double[] speeds) {
            double[] slowed = speeds.clone();
            for (int i = 0; i < slowed.length; i++) {
                slowed[i] /= factor;
            }
            return slowed;
        }
    }

    /**
     * Llama 3.1: pairs that turn often over the original context keep their speed, those that turn seldom are slowed down,
     * and those between are blended.
     *
     * @param seldom turns up to which a pair is slowed down fully
     * @param often turns from which a pair keeps its speed
     * @param original positions that the model was first trained for
     * @see <a href="https://arxiv.org/abs/2407.21783">The Llama 3 herd of models</a>
     */
    record Llama3(double factor, double seldom, double often, double original) implements RopeScaling {
        @Override
        public double[] slowed(double[] speeds) {
            double[] slowed = new double[speeds.length];
            for (int i = 0; i < slowed.length; i++) {
                double turns = original * speeds[i] / (2 * Math.PI);
                double kept = Math.clamp((turns - seldom) / (often - seldom), 0, 1);
                slowed[i] = kept * speeds[i] + (1 - kept) * speeds[i] / factor;
            }
            return slowed;
        }
    }

    /**
     * YaRN: the same idea with a ramp over the pairs' numbers, and attention that is made sharper.
     *
     * @param fast turns over the original context from which a pair keeps its speed
     * @param slow turns up to which a pair is slowed down fully
     * @param extrapolation 1 for the paper's method, 0 to slow all pairs down alike
     * @param attention what the paper's amplitude is multiplied with
     * @param base of the trained speeds
     * @see <a href="https://arxiv.org/abs/2309.00071">Peng et al., YaRN</a>
     */
    record Yarn(
            double factor,
            double original,
            double fast,
            double slow,
            double extrapolation,
            double attention,
            double base)
            implements RopeScaling {
        /** A ramp is at least so many pairs long. */
        private static final double SHORTEST_RAMP = 0.001;

        @Override
        public double[] slowed(double[] speeds) {
            double first = Math.max(0, Math.floor(pairOf(fast, speeds.length)));
            double last = Math.min(2 * speeds.length - 1, Math.ceil(pairOf(slow, speeds.length)));
            double[] slowed = new double[speeds.length];
            for (int i = 0; i < slowed.length; i++) {
                double ramp = Math.clamp((i - first) / Math.max(SHORTEST_RAMP, last - first), 0, 1);
                double kept = (1 - ramp) * extrapolation;
                slowed[i] = kept * speeds[i] + (1 - kept) * speeds[i] / factor;
            }
            return slowed;
        }

        /** The number of the pair, a real one, that makes so many turns over the original context. */
        private double pairOf(double turns, int pairs) {
            return pairs * Math.log(original / (turns * 2 * Math.PI)) / Math.log(base);
        }

        @Override
        public double amplitude() {
            return attention * (1 + 0.1 * Math.log(Math.max(1, factor)));
        }
    }

    /** Reads the keys {@code rope.scaling.…}. */
    static RopeScaling read(ModelShape.Keys keys, double base) {
        String type = keys.text("rope.scaling.type", "none");
        return switch (type) {
            // Files from before there were types say the linear factor alone.
            case "none" -> linear(keys.positive("rope.scale_linear", 1));
            case "linear" -> linear(keys.positive("rope.scaling.factor", keys.positive("rope.scale_linear", 1)));
            case "llama3" -> llama3(keys);
            case "yarn" ->
                new Yarn(
                        keys.positive("rope.scaling.factor", 1),
                        keys.positive("rope.scaling.original_context_length", keys.positive("context_length", 1)),
                        keys.positive("rope.scaling.yarn_beta_fast", 32),
                        keys.positive("rope.scaling.yarn_beta_slow", 1),
                        keys.share("rope.scaling.yarn_ext_factor", 1),
                        keys.positive("rope.scaling.attn_factor", keys.positive("rope.scaling.yarn_attn_factor", 1)),
                        base);
            default ->
                throw EngineException.invalid(
                        "engine.unsupported-model",
                        "The model " + keys.path() + " stretches its positions by '" + type + "', which cannot be run.",
                        "Use a model with no rope scaling, or with linear, llama3 or yarn.");
        };
    }

    private static RopeScaling linear(double factor) {
        return factor == 1 ? new None() : new Linear(factor);
    }

    private static RopeScaling llama3(ModelShape.Keys keys) {
        Llama3 scaling = new Llama3(
                keys.positive("rope.scaling.factor", 8),
                keys.positive("rope.scaling.low_freq_factor", 1),
                keys.positive("rope.scaling.high_freq_factor", 4),
                keys.positive("rope.scaling.original_context_length", 8192));
        if (!(scaling.often > scaling.seldom)) {
            throw keys.wrong("'high_freq_factor' of its rope scaling is " + scaling.often
                    + ", not above 'low_freq_factor', " + scaling.seldom);
        }
        return scaling;
    }
}
