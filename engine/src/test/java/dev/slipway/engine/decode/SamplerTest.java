package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.SamplingOptions;
import dev.slipway.engine.kernel.RandomWeights;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class SamplerTest {
    /** Probabilities 0.5, 0.25, 0.125, 0.0625, 0.0625 for the tokens 3, 0, 4, 1, 2. */
    private static final float[] LOGITS = logs(0.25, 0.0625, 0.0625, 0.5, 0.125);

    private static float[] logs(double... probabilities) {
        float[] logits = new float[probabilities.length + 1];
        for (int i = 0; i < probabilities.length; i++) {
            logits[i + 1] = (float) (Math.log(probabilities[i]) + 7);
        }
        return logits;
    }

    private static SamplingOptions options(float temperature, int topK, float topP, float minP, long seed) {
        return new SamplingOptions(temperature, topK, topP, minP, OptionalLong.of(seed));
    }

    private static int[] draw(SamplingOptions options, int times) {
        Sampler sampler = new Sampler(options);
        return IntStream.range(0, times).map(i -> sampler.sample(LOGITS, 1, 5)).toArray();
    }

    private static Set<Integer> drawn(SamplingOptions options) {
        Set<Integer> tokens = new TreeSet<>();
        IntStream.of(draw(options, 4000)).forEach(tokens::add);
        return tokens;
    }

    @Test
    void takesTheLikeliestAtTemperatureZero() {
        assertThat(drawn(SamplingOptions.GREEDY)).containsExactly(3);
    }

    @Test
    void drawsInProportion() {
        int[] tokens = draw(options(1, 0, 1, 0, 5), 20_000);
        double share = IntStream.of(tokens).filter(token -> token == 3).count() / 20_000.0;
        assertThat(share).isCloseTo(0.5, Offset.offset(0.02));
        assertThat(drawn(options(1, 0, 1, 0, 5))).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void flattensWithHigherTemperature() {
        int[] tokens = draw(options(2, 0, 1, 0, 5), 20_000);
        double total = Math.sqrt(0.5) + Math.sqrt(0.25) + Math.sqrt(0.125) + 2 * Math.sqrt(0.0625);
        double share = IntStream.of(tokens).filter(token -> token == 3).count() / 20_000.0;
        assertThat(share).isCloseTo(Math.sqrt(0.5) / total, Offset.offset(0.02));
    }

    @Test
    void keepsTheLikeliestByNumber() {
        assertThat(drawn(options(1, 1, 1, 0, 5))).containsExactly(3);
        assertThat(drawn(options(1, 3, 1, 0, 5))).containsExactly(0, 3, 4);
        // Of two that are equally likely the lower id stays.
        assertThat(drawn(options(1, 4, 1, 0, 5))).containsExactly(0, 1, 3, 4);
        assertThat(drawn(options(1, 99, 1, 0, 5))).hasSize(5);
    }

    @Test
    void keepsTheLikeliestByShare() {
        assertThat(drawn(options(1, 0, 0.5f, 0, 5))).containsExactly(3);
        assertThat(drawn(options(1, 0, 0.6f, 0, 5))).containsExactly(0, 3);
        assertThat(drawn(options(1, 0, 0.9f, 0, 5))).containsExactly(0, 1, 3, 4);
        assertThat(drawn(options(1, 0, 0.0001f, 0, 5))).containsExactly(3);
    }

    @Test
    void countsTheShareAmongWhatTopKLeft() {
        // 0.5 is two thirds of what two tokens have together.
        assertThat(drawn(options(1, 2, 0.66f, 0, 5))).containsExactly(3);
        assertThat(drawn(options(1, 2, 0.67f, 0, 5))).containsExactly(0, 3);
    }

    @Test
    void dropsWhatIsMuchLessLikelyThanTheLikeliest() {
        assertThat(drawn(options(1, 0, 1, 0.2f, 5))).containsExactly(0, 3, 4);
        assertThat(drawn(options(1, 0, 1, 1, 5))).containsExactly(3);
    }

    @Test
    void repeatsItselfWithTheSameSeedOnly() {
        assertThat(draw(options(1, 0, 0.95f, 0, 42), 100)).isEqualTo(draw(options(1, 0, 0.95f, 0, 42), 100));
        assertThat(draw(options(1, 0, 0.95f, 0, 42), 100)).isNotEqualTo(draw(options(1, 0, 0.95f, 0, 43), 100));
    }

    @Test
    void selectsTheSameAsSortingDoes() {
        float[] logits = RandomWeights.floats(5000, 3, 9);
        for (int k : new int[] {1, 2, 17, 500, 4999}) {
            float border = (float) IntStream.range(0, 5000)
                    .mapToDouble(i -> -logits[i])
                    .sorted()
                    .skip(k - 1)
                    .map(value -> -value)
                    .findFirst()
                    .orElseThrow();
            Sampler sampler = new Sampler(options(10, k, 1, 0, 7));
            for (int i = 0; i < 300; i++) {
                assertThat(logits[sampler.sample(logits, 0, 5000)]).isGreaterThanOrEqualTo(border);
            }
        }
    }
}
