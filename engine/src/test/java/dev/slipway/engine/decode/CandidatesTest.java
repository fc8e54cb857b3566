package dev.slipway.engine.decode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kernel.RandomWeights;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Each step against its definition, written down with sorted lists and double precision. */
class CandidatesTest {
    private static final double ROUNDING = 1e-6;

    /** Tokens and their probabilities. */
    private static Map<Integer, Double> probabilities(float[] logits, List<Integer> tokens, double temperature) {
        double most = tokens.stream().mapToDouble(i -> logits[i]).max().orElseThrow();
        Map<Integer, Double> shares = new HashMap<>();
        tokens.forEach(token -> shares.put(token, Math.exp((logits[token] - most) / temperature)));
        double total = shares.values().stream().mapToDouble(share -> share).sum();
        shares.replaceAll((token, share) -> share / total);
        return shares;
    }

    private static List<Integer> until(double share, Map<Integer, Double> probabilities, Comparator<Integer> order) {
        List<Integer> sorted = probabilities.keySet().stream()
                .sorted(order.thenComparing(Comparator.naturalOrder()))
                .toList();
        List<Integer> kept = new ArrayList<>();
        double reached = 0;
        for (int token : sorted) {
            if (reached < share * (1 - ROUNDING)) {
                kept.add(token);
                reached += probabilities.get(token);
            }
        }
        return kept;
    }

    private static List<Integer> plainTopP(double share, Map<Integer, Double> probabilities) {
        return until(share, probabilities, Comparator.comparingDouble(token -> -probabilities.get(token)));
    }

    private static List<Integer> plainTypical(double share, Map<Integer, Double> probabilities) {
        double entropy = -probabilities.values().stream()
                .mapToDouble(p -> p * Math.log(p))
                .sum();
        return until(
                share,
                probabilities,
                Comparator.comparingDouble(token -> Math.abs(-Math.log(probabilities.get(token)) - entropy)));
    }

    private static List<Integer> plainTopK(int count, float[] logits, List<Integer> tokens) {
        return tokens.stream()
                .sorted(Comparator.<Integer>comparingDouble(token -> -logits[token])
                        .thenComparing(Comparator.naturalOrder()))
                .limit(count)
                .toList();
    }

    private static List<Integer> all(float[] logits) {
        return IntStream.range(0, logits.length).boxed().toList();
    }

    private static Candidates filled(float[] logits, float temperature, int limit, float leastShare) {
        float[] shifted = new float[logits.length + 3];
        System.arraycopy(logits, 0, shifted, 3, logits.length);
        float most = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        Candidates candidates = new Candidates();
        candidates.fill(shifted, 3, logits.length, most, temperature, limit, leastShare);
        return candidates;
    }

    private static float[] logits(SplittableRandom random) {
        float[] logits = RandomWeights.floats(random.nextInt(1, 4000), random.nextDouble(0.1, 8), random.nextLong());
        // Ties, as coarse quantisation makes them.
        int steps = random.nextInt(3) * 4;
        for (int i = 0; i < logits.length && steps > 0; i++) {
            logits[i] = Math.round(logits[i] * steps) / (float) steps;
        }
        return logits;
    }

    @Test
    void keepsTheLargestByNumber() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 60; round++) {
            float[] logits = logits(random);
            int limit = random.nextInt(1, logits.length + 2);
            assertThat(filled(logits, 100, limit, 0).tokens())
                    .as("%d of %d", limit, logits.length)
                    .containsExactly(plainTopK(limit, logits, all(logits)).stream()
                            .mapToInt(token -> token)
                            .sorted()
                            .toArray());
        }
    }

    @Test
    void dropsWhatIsMuchLessLikelyThanTheLikeliest() {
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 60; round++) {
            float[] logits = logits(random);
            float temperature = (float) random.nextDouble(0.2, 3);
            float share = (float) random.nextDouble(0.001, 1);
            Map<Integer, Double> plain = probabilities(logits, all(logits), temperature);
            double most = plain.values().stream().mapToDouble(p -> p).max().orElseThrow();
            List<Integer> found = IntStream.of(
                            filled(logits, temperature, logits.length, share).tokens())
                    .boxed()
                    .toList();
            // Within rounding of the border either answer is right.
            assertThat(found)
                    .contains(tokensAbove(plain, most * share * 1.00001))
                    .isSubsetOf(tokensAbove(plain, most * share * 0.99999));
        }
    }

    private static Integer[] tokensAbove(Map<Integer, Double> probabilities, double least) {
        return probabilities.keySet().stream()
                .filter(token -> probabilities.get(token) >= least)
                .toArray(Integer[]::new);
    }

    @Test
    void keepsTheLikeliestByShareAsSortingDoes() {
        SplittableRandom random = new SplittableRandom(3);
        for (int round = 0; round < 80; round++) {
            float[] logits = logits(random);
            float temperature = (float) random.nextDouble(0.3, 3);
            int limit = random.nextBoolean() ? logits.length : random.nextInt(1, logits.length + 1);
            float share = (float) random.nextDouble(0.01, 1);
            Candidates candidates = filled(logits, temperature, limit, 0);
            candidates.keepLikeliest(share);
            Map<Integer, Double> left = probabilities(logits, plainTopK(limit, logits, all(logits)), temperature);
            assertSame(candidates.tokens(), plainTopP(share, left), left, share);
        }
    }

    @Test
    void keepsTheTypicalByShareAsSortingDoes() {
        SplittableRandom random = new SplittableRandom(4);
        for (int round = 0; round < 80; round++) {
            float[] logits =
                    RandomWeights.floats(random.nextInt(1, 2000), random.nextDouble(0.5, 4), random.nextLong());
            float share = (float) random.nextDouble(0.01, 1);
            Candidates candidates = filled(logits, 1, logits.length, 0);
            candidates.keepTypical(share);
            Map<Integer, Double> all = probabilities(logits, all(logits), 1);
            assertSame(candidates.tokens(), plainTypical(share, all), all, share);
        }
    }

    /** Equal but for tokens whose probability is lost in rounding, at the border of the share. */
    private static void assertSame(
            int[] found, List<Integer> expected, Map<Integer, Double> probabilities, double share) {
        double reached = IntStream.of(found).mapToDouble(probabilities::get).sum();
        assertThat(reached).isGreaterThanOrEqualTo(share * (1 - 3 * ROUNDING));
        List<Integer> different = new ArrayList<>(expected);
        IntStream.of(found).forEach(token -> {
            if (!different.remove((Integer) token)) {
                different.add(token);
            }
        });
        double apart = different.stream().mapToDouble(probabilities::get).sum();
        assertThat(different.size() <= 2 && apart < 1e-4 || different.isEmpty())
                .as("found %d, expected %d, differ in %s", found.length, expected.size(), different)
                .isTrue();
    }

    @Test
    void drawsInProportion() {
        float[] logits = {0, 1, 2, -1, 0.5f};
        Map<Integer, Double> expected = probabilities(logits, all(logits), 0.8);
        Candidates candidates = filled(logits, 0.8f, 5, 0);
        int[] times = new int[5];
        int draws = 100_000;
        for (int i = 0; i < draws; i++) {
            times[candidates.draw((i + 0.5) / draws)]++;
        }
        for (int token = 0; token < 5; token++) {
            assertThat(times[token] / (double) draws).isCloseTo(expected.get(token), Offset.offset(1e-4));
        }
        assertThat(candidates.draw(0)).isEqualTo(0);
        assertThat(candidates.draw(Math.nextDown(1.0))).isEqualTo(4);
    }

    @Test
    void knowsExponentials() {
        for (float x = 0; x > -60; x -= 0.013f) {
            float[] value = {x};
            Candidates.exponentials(value, value, 1);
            assertThat((double) value[0]).isCloseTo(Math.exp(x), Offset.offset(Math.exp(x) * (x > -20 ? 2e-7 : 1e-4)));
        }
    }
}
