package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kernel.x86.Level;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider gives what the scalar reference gives, within a stated part of the size of what is added up. */
class KernelProvidersAgreeTest {
    /** f32 sums of a few thousand terms in any order stay below this part of the sum of the absolute terms. */
    private static final double SUMS = 2e-6;

    /** Scales that are products, rounded to the 11 bits of an f16, halves of the last bit. */
    private static final double ROUNDED_SCALES = 1.0 / (1 << 11);

    private static final KernelProvider REFERENCE = new ScalarKernels();
    private static final int[][] SHAPES = {
        {1, 32}, {3, 64}, {7, 96}, {16, 192}, {9, 512}, {5, 4864}, {33, 2080}, {1, 256}, {70, 768}, {32, 8192}
    };
    private static final int[] TOKENS = {1, 2, 3, 4, 5, 9, 13};

    static List<KernelProvider> providers() {
        List<KernelProvider> providers = new ArrayList<>(List.of(
                KernelProviders.choose("scalar").provider(),
                KernelProviders.choose("vector").provider(),
                new VectorKernels(VectorKernels.Readiness.ALL)));
        Processor processor = KernelProviders.processor();
        for (Level level : Level.values()) {
            if (processor.levels().contains(level)) {
                providers.add(KernelProviders.choose("emitted-" + level.label()).provider());
            } else {
                System.out.println("skipped: this host has no " + level.label() + ". " + processor.obstacle());
            }
        }
        return providers;
    }

    static Stream<Arguments> providersAndTypes() {
        return providers().stream()
                .flatMap(provider -> StoredFloats.SUPPORTED.stream().map(type -> Arguments.of(provider, type)));
    }

    @Test
    void everyPermittedProviderIsTested() {
        Set<Class<?>> tested = new HashSet<>();
        providers().forEach(provider -> tested.add(provider.getClass()));
        Set<Class<?>> permitted = new HashSet<>(List.of(KernelProvider.class.getPermittedSubclasses()));
        if (KernelProviders.processor().levels().isEmpty()) {
            permitted.remove(EmittedKernels.class);
        }
        assertThat(tested).isEqualTo(permitted);
    }

    /** What of {@code x} a provider really multiplies with. */
    private static float[] taken(KernelProvider provider, Matrix matrix, float[] x) {
        return !(provider instanceof ScalarKernels) && BlockForms.has(matrix.type())
                ? PlainQuantiser.rounded(x, BlockForms.of(matrix.type(), matrix.columns()))
                : x;
    }

    private static double tolerance(KernelProvider provider, QuantisationType type) {
        boolean products = type.blockSize() == 256;
        return !(provider instanceof ScalarKernels) && products ? ROUNDED_SCALES : SUMS;
    }

    @ParameterizedTest
    @MethodSource("providersAndTypes")
    void multiplies(KernelProvider provider, QuantisationType type) {
        try (Arena arena = Arena.ofConfined()) {
            for (int[] shape : SHAPES) {
                if (shape[1] % type.blockSize() == 0) {
                    Matrix matrix = RandomWeights.matrix(arena, type, shape[0], shape[1], 7);
                    for (int tokens : TOKENS) {
                        assertMultiplies(provider, matrix, tokens);
                    }
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
        float[] taken = taken(provider, matrix, x);
        double tolerance = tolerance(provider, matrix.type());
        float[] expected = new float[tokens * matrix.rows()];
        float[] found = new float[tokens * matrix.rows()];
        Arrays.fill(found, Float.NaN);
        Products.multiply(REFERENCE, matrix, 0, matrix.rows(), taken, tokens, expected);
        Products.multiply(provider, matrix, 0, matrix.rows(), x, tokens, found);
        RowCodes parts = BlockForms.has(matrix.type()) ? new RowCodes(matrix.type(), matrix.columns()) : null;
        float[] row = new float[matrix.columns()];
        for (int t = 0; t < tokens; t++) {
            for (int r = 0; r < matrix.rows(); r++) {
                StoredFloats.row(matrix, r, row, 0);
                double size = 0;
                for (int i = 0; i < row.length; i++) {
                    size += Math.abs(row[i] * taken[t * row.length + i]);
                }
                if (parts != null) {
                    parts.read(matrix.data(), matrix.rowOffset(r));
                    // A weight is a difference: the minimum and what is added to it are rounded each for itself.
                    for (int i = 0; i < row.length; i++) {
                        double minimum = parts.minimums[i / (row.length / parts.minimums.length)];
                        size += 2 * Math.abs(minimum * taken[t * row.length + i]);
                    }
                }
                int at = t * matrix.rows() + r;
                // Written so that NaN fails, and without building a message each time.
                if (!(Math.abs(found[at] - expected[at]) <= size * tolerance + 1e-12)) {
                    throw new AssertionError(matrix.name() + ", token " + t + " of " + tokens + ", row " + r + ": "
                            + found[at] + ", expected " + expected[at] + " within " + size * tolerance);
                }
            }
        }
    }

    /** Rounding activations to bytes costs at most half a step of each block, which is 1/254 of its largest number. */
    @ParameterizedTest
    @MethodSource("providersAndTypes")
    void staysNearWhatUnroundedActivationsGive(KernelProvider provider, QuantisationType type) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix matrix = RandomWeights.matrix(arena, type, 40, 1024, 9);
            float[] x = RandomWeights.floats(1024, 1, 15);
            float[] expected = new float[40];
            float[] found = new float[40];
            Products.multiply(REFERENCE, matrix, 0, 40, x, 1, expected);
            Products.multiply(provider, matrix, 0, 40, x, 1, found);
            double difference = 0;
            double size = 0;
            for (int r = 0; r < 40; r++) {
                difference += Math.pow(found[r] - expected[r], 2);
                size += Math.pow(expected[r], 2);
            }
            assertThat(Math.sqrt(difference / size)).isLessThan(0.01);
        }
    }

    @ParameterizedTest
    @MethodSource("providersAndTypes")
    void givesTheSameBitsAloneAndInABatch(KernelProvider provider, QuantisationType type) {
        try (Arena arena = Arena.ofConfined()) {
            Matrix matrix = RandomWeights.matrix(arena, type, 77, 1024, 5);
            int tokens = 29;
            float[] x = RandomWeights.floats(tokens * matrix.columns(), 1, 13);
            float[] together = new float[tokens * matrix.rows()];
            Products.multiply(provider, matrix, 0, 10, x, tokens, together);
            Products.multiply(provider, matrix, 10, 41, x, tokens, together);
            Products.multiply(provider, matrix, 41, matrix.rows(), x, tokens, together);
            for (int t = 0; t < tokens; t++) {
                float[] own = Arrays.copyOfRange(x, t * matrix.columns(), (t + 1) * matrix.columns());
                float[] alone = new float[matrix.rows()];
                Products.multiply(provider, matrix, 0, matrix.rows(), own, 1, alone);
                assertThat(Arrays.copyOfRange(together, t * matrix.rows(), (t + 1) * matrix.rows()))
                        .isEqualTo(alone);
            }
        }
    }

    /** Quantised types have the same steps in all fast providers; floats among the levels of emitted code. */
    @ParameterizedTest
    @MethodSource("types")
    void givesTheSameBitsAtEveryLevel(QuantisationType type) {
        try (Arena arena = Arena.ofConfined()) {
            for (int columns : new int[] {768, 1024}) {
                Matrix matrix = RandomWeights.matrix(arena, type, 77, columns, 6);
                float[] x = RandomWeights.floats(5 * columns, 1, 14);
                float[] first = {};
                for (KernelProvider provider : providers()) {
                    if (provider instanceof EmittedKernels
                            || provider instanceof VectorKernels && BlockForms.has(type)) {
                        float[] found = new float[5 * 77];
                        Products.multiply(provider, matrix, 0, 77, x, 5, found);
                        first = first.length == 0 ? found : first;
                        assertThat(found).as(provider.toString()).isEqualTo(first);
                    }
                }
            }
        }
    }

    static Set<QuantisationType> types() {
        return StoredFloats.SUPPORTED;
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
