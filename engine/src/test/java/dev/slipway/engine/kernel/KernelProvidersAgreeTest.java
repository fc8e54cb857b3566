package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider gives what the scalar reference gives, within {@link #TOLERANCE} of the size of what is added up. */
class KernelProvidersAgreeTest {
    /** Relative to the sum of the absolute terms; f32 sums of a few thousand terms in any order stay below it. */
    private static final double TOLERANCE = 2e-6;

    private static final KernelProvider REFERENCE = new ScalarKernels();
    private static final int[][] SHAPES = {{1, 32}, {3, 64}, {7, 96}, {16, 192}, {9, 512}, {5, 4864}, {33, 2080}};
    private static final int[] TOKENS = {1, 2, 3, 4, 5, 9};

    static List<KernelProvider> providers() {
        return List.of(
                KernelProviders.choose("scalar").provider(),
                KernelProviders.choose("vector").provider(),
                new VectorKernels(VectorKernels.Readiness.ALL));
    }

    static Stream<Arguments> providersAndTypes() {
        return providers().stream()
                .flatMap(provider -> Arrays.stream(QuantisationType.values())
                        .filter(StoredFloats.SUPPORTED::contains)
                        .map(type -> Arguments.of(provider, type)));
    }

    @Test
    void everyPermittedProviderIsTested() {
        Set<Class<?>> tested = new HashSet<>();
        providers().forEach(provider -> tested.add(provider.getClass()));
        assertThat(tested).containsExactlyInAnyOrder(KernelProvider.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("providersAndTypes")
    void multiplies(KernelProvider provider, QuantisationType type) {
        try (Arena arena = Arena.ofConfined()) {
            for (int[] shape : SHAPES) {
                Matrix matrix = RandomWeights.matrix(arena, type, shape[0], shape[1], 7);
                for (int tokens : TOKENS) {
                    assertMultiplies(provider, matrix, tokens);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void multipliesRowsThatDoNotFillVectors(KernelProvider provider) {
        try (Arena arena = Arena.ofConfined()) {
            for (int columns : new int[] {1, 5, 17, 63, 65, 101, 131}) {
                for (QuantisationType type :
                        List.of(QuantisationType.F32, QuantisationType.F16, QuantisationType.BF16)) {
                    assertMultiplies(provider, RandomWeights.matrix(arena, type, 4, columns, 3), 1);
                    assertMultiplies(provider, RandomWeights.matrix(arena, type, 4, columns, 3), 5);
                }
            }
        }
    }

    private static void assertMultiplies(KernelProvider provider, Matrix matrix, int tokens) {
        float[] x = RandomWeights.floats(tokens * matrix.columns(), 1, 11);
        float[] expected = new float[tokens * matrix.rows()];
        float[] found = new float[tokens * matrix.rows()];
        Arrays.fill(found, Float.NaN);
        REFERENCE.multiply(matrix, 0, matrix.rows(), x, tokens, expected);
        provider.multiply(matrix, 0, matrix.rows(), x, tokens, found);
        float[] row = new float[matrix.columns()];
        for (int t = 0; t < tokens; t++) {
            for (int r = 0; r < matrix.rows(); r++) {
                StoredFloats.row(matrix, r, row, 0);
                double size = 0;
                for (int i = 0; i < row.length; i++) {
                    size += Math.abs(row[i] * x[t * row.length + i]);
                }
                int at = t * matrix.rows() + r;
                // Written so that NaN fails, and without building a message each time.
                if (!(Math.abs(found[at] - expected[at]) <= size * TOLERANCE + 1e-12)) {
                    throw new AssertionError(matrix.name() + ", token " + t + " of " + tokens + ", row " + r + ": "
                            + found[at] + ", expected " + expected[at]);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providersAndTypes")
    void givesTheSameBitsAloneAndInABatch(KernelProvider provider, QuantisationType type) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix matrix = RandomWeights.matrix(arena, type, 19, 736, 5);
            int tokens = 7;
            float[] x = RandomWeights.floats(tokens * matrix.columns(), 1, 13);
            float[] together = new float[tokens * matrix.rows()];
            provider.multiply(matrix, 0, 10, x, tokens, together);
            provider.multiply(matrix, 10, matrix.rows(), x, tokens, together);
            for (int t = 0; t < tokens; t++) {
                float[] own = Arrays.copyOfRange(x, t * matrix.columns(), (t + 1) * matrix.columns());
                float[] alone = new float[matrix.rows()];
                provider.multiply(matrix, 0, matrix.rows(), own, 1, alone);
                assertThat(Arrays.copyOfRange(together, t * matrix.rows(), (t + 1) * matrix.rows()))
                        .isEqualTo(alone);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void normalises(KernelProvider provider) {
        for (int length : new int[] {1, 16, 37, 192, 896}) {
            float[] x = RandomWeights.floats(length + 3, 2, 17);
            float[] weight = RandomWeights.floats(length, 1, 19);
            float[] expected = new float[length + 1];
            float[] found = new float[length + 1];
            REFERENCE.rmsNorm(x, 3, weight, 1e-5f, expected, 1);
            provider.rmsNorm(x, 3, weight, 1e-5f, found, 1);
            assertClose(found, expected, 1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void activates(KernelProvider provider) {
        float[] expected = RandomWeights.floats(517, 20, 23);
        expected[0] = -200;
        expected[1] = 200;
        float[] found = expected.clone();
        float[] up = RandomWeights.floats(517, 1, 29);
        REFERENCE.siluTimes(expected, up, 0, 517);
        provider.siluTimes(found, up, 0, 517);
        assertClose(found, expected, 1e-5);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void turnsScoresIntoShares(KernelProvider provider) {
        for (int length : new int[] {1, 2, 16, 33, 700}) {
            float[] expected = RandomWeights.floats(length + 2, 10, 31);
            float[] found = expected.clone();
            REFERENCE.softmax(expected, 2, length + 2);
            provider.softmax(found, 2, length + 2);
            assertClose(found, expected, 1e-6);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void attendsToPages(KernelProvider provider) {
        for (int headSize : new int[] {8, 32, 64, 80, 101}) {
            var page = new KernelProvider.PageSlice(
                    RandomWeights.floats(5 + headSize * KernelProvider.PAGE, 1, 37), 5, headSize);
            float[] query = RandomWeights.floats(headSize + 2, 1, 41);
            for (int count : new int[] {1, 15, 16, 17, 64}) {
                float[] expected = new float[KernelProvider.PAGE];
                float[] found = new float[KernelProvider.PAGE];
                REFERENCE.scores(page, query, 2, 0.125f, count, expected, 0);
                provider.scores(page, query, 2, 0.125f, count, found, 0);
                assertClose(Arrays.copyOf(found, count), Arrays.copyOf(expected, count), 1e-5);

                float[] expectedMix = RandomWeights.floats(headSize + 1, 1, 43);
                float[] foundMix = expectedMix.clone();
                REFERENCE.mix(page, query, 1, Math.min(count, headSize), expectedMix, 1);
                provider.mix(page, query, 1, Math.min(count, headSize), foundMix, 1);
                assertClose(foundMix, expectedMix, 1e-4);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void adds(KernelProvider provider) {
        float[] y = RandomWeights.floats(103, 1, 47);
        float[] expected = y.clone();
        float[] x = RandomWeights.floats(103, 1, 53);
        REFERENCE.add(expected, 2, x, 1, 100);
        provider.add(y, 2, x, 1, 100);
        assertThat(y).isEqualTo(expected);
    }

    private static void assertClose(float[] found, float[] expected, double tolerance) {
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found[i])
                    .as("element %d", i)
                    .isCloseTo(
                            expected[i],
                            org.assertj.core.data.Offset.offset(tolerance * Math.max(1, Math.abs(expected[i]))));
        }
    }
}
