package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kernel.RandomWeights;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class LogprobsTest {
    private static double plain(float[] logits, int token) {
        double most = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double total = 0;
        for (float logit : logits) {
            total += Math.exp(logit - most);
        }
        return logits[token] - most - Math.log(total);
    }

    @Test
    void areLogarithmsOfTheModelsOwnProbabilities() {
        for (double spread : new double[] {0.1, 3, 80}) {
            float[] logits = RandomWeights.floats(3000, spread, 8);
            Logprobs logprobs = new Logprobs(logits, 0, 3000);
            for (int token = 0; token < 3000; token += 7) {
                assertThat(logprobs.logprob(token)).isCloseTo(plain(logits, token), Offset.offset(1e-6));
            }
        }
    }

    @Test
    void keepTheLogitsAsTheyWere() {
        float[] logits = {5, 1, 2, 3};
        Logprobs logprobs = new Logprobs(logits, 1, 3);
        logits[1] = 99;
        assertThat(logprobs.logprob(0)).isCloseTo(plain(new float[] {1, 2, 3}, 0), Offset.offset(1e-7));
    }

    @Test
    void nameTheLikeliestFirst() {
        float[] logits = RandomWeights.floats(500, 2, 4);
        for (int i = 0; i < logits.length; i++) {
            logits[i] = Math.round(logits[i] * 4);
        }
        List<Integer> expected = IntStream.range(0, 500)
                .boxed()
                .sorted(Comparator.comparingDouble(token -> -logits[token]))
                .limit(20)
                .toList();
        Logprobs logprobs = new Logprobs(logits, 0, 500);
        assertThat(logprobs.likeliest(20)).isEqualTo(expected);
        assertThat(logprobs.likeliest(1)).isEqualTo(expected.subList(0, 1));
        assertThat(logprobs.likeliest(0)).isEmpty();
    }

    @Test
    void neverSayMoreThanCertain() {
        float[] logits = {50, -50, -60};
        assertThat(new Logprobs(logits, 0, 3).logprob(0)).isBetween(-1e-7, 0.0);
    }
}
