package dev.slipway.engine.model;

/**
 * The Gaussian error linear unit, {@code x · Φ(x)}, with the error function to 1.5e-7.
 *
 * @see <a href="https://arxiv.org/abs/1606.08415">Hendrycks and Gimpel, Gaussian error linear units</a>
 * @see <a href="https://dlmf.nist.gov/7.24">Abramowitz and Stegun, Handbook of mathematical functions, 7.1.26</a>
 */
final class Gelu {
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double[] SERIES = {1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592};
    private static final double STEP = 0.3275911;

    private Gelu() {}

    static void apply(float[] x, int from, int to) {
        for (int i = from; i < to; i++) {
            x[i] = (float) (0.5 * x[i] * (1 + erf(x[i] * SQRT_HALF)));
        }
    }

    static double erf(double x) {
        double size = Math.abs(x);
        double t = 1 / (1 + STEP * size);
        double sum = 0;
        for (double coefficient : SERIES) {
            sum = (sum + coefficient) * t;
        }
        return Math.copySign(1 - sum * Math.exp(-size * size), x);
    }
}
