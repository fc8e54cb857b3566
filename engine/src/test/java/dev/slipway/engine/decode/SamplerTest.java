package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.Penalties;
import dev.slipway.engine.SamplingOptions;
import dev.slipway.engine.kernel.RandomWeights;
import java.util.Arrays;
import java.util.Map;
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
        Sampler sampler = new Sampler(options, new int[0]);
        Candidates scratch = new Candidates();
        return IntStream.range(0, times)
                .map(i -> sampler.sample(LOGITS.clone(), 1, 5, TokenMask.ALL, scratch))
                .toArray();
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

    private static float[] changed(
            SamplingOptions options, TokenMask mask, float[] logits, int[] prompt, int... answer) {
        Sampler sampler = new Sampler(options, prompt);
        for (int token : answer) {
            float[] only = logits.clone();
            TokenMask one = (values, offset, count) -> IntStream.range(0, count)
                    .filter(i -> i != token)
                    .forEach(i -> values[offset + i] = Float.NEGATIVE_INFINITY);
            sampler.sample(only, 0, only.length, one, new Candidates());
        }
        float[] copy = logits.clone();
        sampler.sample(copy, 0, copy.length, mask, new Candidates());
        return copy;
    }

    private static SamplingOptions punishing(float repeat, int lookBack, float frequency, float presence) {
        return SamplingOptions.GREEDY.withPenalties(new Penalties(repeat, lookBack, frequency, presence));
    }

    @Test
    void punishesWhatIsInTheAnswerOnceAndByNumber() {
        float[] logits = {1, 2, 3, -1};
        int[] prompt = {0, 0, 0};
        assertThat(changed(punishing(1, 64, 0.5f, 0), TokenMask.ALL, logits, prompt, 2, 1, 2))
                .containsExactly(1, 1.5f, 2, -1);
        assertThat(changed(punishing(1, 64, 0, 0.25f), TokenMask.ALL, logits, prompt, 2, 1, 2))
                .containsExactly(1, 1.75f, 2.75f, -1);
        assertThat(changed(punishing(1, 64, -1, -0.5f), TokenMask.ALL, logits, prompt, 2, 1, 2))
                .containsExactly(1, 3.5f, 5.5f, -1);
    }

    @Test
    void punishesRepetitionOfPromptAndAnswerAsFarAsItLooksBack() {
        float[] logits = {1, 2, 3, -1, 5};
        int[] prompt = {4, 4, 0, 3};
        assertThat(changed(punishing(2, -1, 0, 0), TokenMask.ALL, logits, prompt, 2))
                .containsExactly(0.5f, 2, 1.5f, -2, 2.5f);
        assertThat(changed(punishing(2, 3, 0, 0), TokenMask.ALL, logits, prompt, 2))
                .containsExactly(0.5f, 2, 1.5f, -2, 5);
        assertThat(changed(punishing(2, 1, 0, 0), TokenMask.ALL, logits, prompt, 2))
                .containsExactly(1, 2, 1.5f, -1, 5);
        assertThat(changed(punishing(2, 0, 0, 0), TokenMask.ALL, logits, prompt, 2))
                .isEqualTo(logits);
        // A token that is in the window twice stays in it until its last occurrence leaves.
        assertThat(changed(punishing(2, 2, 0, 0), TokenMask.ALL, logits, new int[] {1, 1}, 2))
                .containsExactly(1, 1, 1.5f, -1, 5);
    }

    @Test
    void addsBiasBeforePenaltiesAndMasksBeforeBoth() {
        SamplingOptions options = punishing(2, -1, 0, 0).withLogitBias(Map.of(0, 4f, 1, 100f, 3, -100f));
        TokenMask mask = (values, offset, count) -> values[offset + 1] = Float.NEGATIVE_INFINITY;
        assertThat(changed(options, mask, new float[] {1, 2, 3, 50}, new int[] {0}))
                .containsExactly(2.5f, Float.NEGATIVE_INFINITY, 3, Float.NEGATIVE_INFINITY);
    }

    @Test
    void neverTakesWhatIsMaskedOrBanned() {
        TokenMask odd = (values, offset, count) -> IntStream.range(0, count)
                .filter(i -> i % 2 == 0)
                .forEach(i -> values[offset + i] = Float.NEGATIVE_INFINITY);
        SamplingOptions wild = new SamplingOptions(10, 0, 1, 0, OptionalLong.of(3)).withLogitBias(Map.of(1, -100f));
        Sampler sampler = new Sampler(wild, new int[0]);
        for (int i = 0; i < 1000; i++) {
            int token = sampler.sample(RandomWeights.floats(40, 3, i), 0, 40, odd, new Candidates());
            assertThat(token % 2 == 1 && token != 1).as("token %s", token).isTrue();
        }
    }

    @Test
    void saysSoWhenNoTokenIsLeft() {
        TokenMask none =
                (values, offset, count) -> Arrays.fill(values, offset, offset + count, Float.NEGATIVE_INFINITY);
        Sampler sampler = new Sampler(options(1, 0, 1, 0, 1), new int[0]);
        assertThatThrownBy(() -> sampler.sample(LOGITS.clone(), 1, 5, none, new Candidates()))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.no-token"));
        float[] broken = {Float.NaN, Float.NaN};
        assertThatThrownBy(() -> sampler.sample(broken, 0, 2, TokenMask.ALL, new Candidates()))
                .isInstanceOf(EngineException.class);
    }
}
