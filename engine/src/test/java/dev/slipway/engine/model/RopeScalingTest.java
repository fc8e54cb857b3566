package dev.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Each scaling against its paper's formulas, written once more as they stand there, by wavelength. */
class RopeScalingTest {
    private static final int DIMENSIONS = 128;

    private static double[] trained(double base) {
        double[] speeds = new double[DIMENSIONS / 2];
        Arrays.setAll(speeds, i -> Math.pow(base, -2.0 * i / DIMENSIONS));
        return speeds;
    }

    private static void assertClose(double[] found, double[] expected) {
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("pair %d", i).isCloseTo(expected[i], within(1e-14 + 1e-12 * expected[i]));
        }
    }

    @Test
    void noScalingKeepsSpeeds() {
        assertClose(new RopeScaling.None().slowed(trained(10_000)), trained(10_000));
        assertThat(new RopeScaling.None().amplitude()).isEqualTo(1);
    }

    @Test
    void linearScalingDividesPositions() {
        double[] expected = trained(10_000);
        Arrays.setAll(expected, i -> expected[i] / 4);
        assertClose(new RopeScaling.Linear(4).slowed(trained(10_000)), expected);
    }

    @Test
    void llama3ScalingBlendsByWavelength() {
        // Llama 3.1: base 500000, factor 8, low 1, high 4, 8192 positions.
        double[] speeds = trained(500_000);
        double[] expected = new double[speeds.length];
        for (int i = 0; i < speeds.length; i++) {
            double wavelength = 2 * Math.PI / speeds[i];
            if (wavelength < 8192 / 4.0) {
                expected[i] = speeds[i];
            } else if (wavelength > 8192 / 1.0) {
                expected[i] = speeds[i] / 8;
            } else {
                double smooth = (8192 / wavelength - 1) / (4 - 1);
                expected[i] = (1 - smooth) * speeds[i] / 8 + smooth * speeds[i];
            }
        }
        double[] found = new RopeScaling.Llama3(8, 1, 4, 8192).slowed(speeds);
        assertClose(found, expected);
        // Known of this model: 29 pairs keep their speed, and the last 29 turn eight times more slowly.
        assertThat(found[28]).isEqualTo(speeds[28]);
        assertThat(found[29]).isLessThan(speeds[29]);
        assertThat(found[35]).isCloseTo(speeds[35] / 8, within(1e-18));
        assertThat(found[34]).isGreaterThan(speeds[34] / 8);
    }

    @Test
    void yarnBlendsAlongARamp() {
        // Qwen2.5 at 128 Ki: base 10^6, factor 4, 32768 positions, 32 and 1 turns.
        double[] speeds = trained(1e6);
        double low = Math.floor(DIMENSIONS * Math.log(32768 / (32 * 2 * Math.PI)) / (2 * Math.log(1e6)));
        double high = Math.ceil(DIMENSIONS * Math.log(32768 / (2 * Math.PI)) / (2 * Math.log(1e6)));
        assertThat(low).isEqualTo(23);
        assertThat(high).isEqualTo(40);
        double[] expected = new double[speeds.length];
        for (int i = 0; i < speeds.length; i++) {
            double gamma = i < low ? 1 : i > high ? 0 : 1 - (i - low) / (high - low);
            expected[i] = (1 - gamma) * speeds[i] / 4 + gamma * speeds[i];
        }
        RopeScaling.Yarn yarn = new RopeScaling.Yarn(4, 32768, 32, 1, 1, 1, 1e6);
        assertClose(yarn.slowed(speeds), expected);
        assertThat(yarn.amplitude()).isCloseTo(1.138629436111989, within(1e-12));
    }

    @Test
    void yarnWithoutExtrapolationIsLinear() {
        RopeScaling.Yarn yarn = new RopeScaling.Yarn(4, 2048, 32, 1, 0, 0.5, 10_000);
        assertClose(yarn.slowed(trained(10_000)), new RopeScaling.Linear(4).slowed(trained(10_000)));
        assertThat(yarn.amplitude()).isCloseTo(0.5 * (1 + 0.1 * Math.log(4)), within(1e-12));
    }
}
