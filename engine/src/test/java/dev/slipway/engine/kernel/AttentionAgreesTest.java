package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every provider's attention gives what the scalar reference gives, and the fast ones the same bits as one another. */
class AttentionAgreesTest {
    /** Of results about 1 in size: f32 sums of up to a thousand terms, and exponentials to 2e-7. */
    private static final double TOLERANCE = 1e-5;

    private static final KernelProvider REFERENCE = new ScalarKernels();
    private static final List<KernelProvider> PROVIDERS = KernelProvidersAgreeTest.providers();
    private static final int NO_WINDOW = AttentionTile.NO_WINDOW;

    /** Head size, query heads per kv head, positions. */
    private static final int[][] SHAPES = {
        {64, 7, 1},
        {64, 1, 2},
        {64, 4, 64},
        {64, 7, 65},
        {8, 2, 63},
        {80, 8, 130},
        {2, 3, 70},
        {101, 5, 66},
        {128, 2, 200},
        {96, 6, 129},
        {33, 1, 77},
        {256, 3, 128},
        {64, 9, 400}
    };

    private static final int[][] FEW_SHAPES = {{64, 7, 65}, {80, 8, 130}, {101, 5, 66}};

    static Stream<Arguments> everything() {
        return PROVIDERS.stream()
                .flatMap(provider -> Stream.of(CacheType.values())
                        .flatMap(keys ->
                                Stream.of(CacheType.values()).map(values -> Arguments.of(provider, keys, values))));
    }

    static Stream<Arguments> types() {
        return Stream.of(CacheType.values())
                .flatMap(keys -> Stream.of(CacheType.values()).map(values -> Arguments.of(keys, values)));
    }

    @ParameterizedTest
    @MethodSource("types")
    void equalsTheReference(CacheType keys, CacheType values) {
        for (int[] shape : keys == values ? SHAPES : FEW_SHAPES) {
            PageForm form = new PageForm(2, 2, shape[0], keys, values);
            try (RandomTile tile = new RandomTile(form, shape[1], shape[2], REFERENCE)) {
                for (int window : List.of(NO_WINDOW, 1, 90)) {
                    int first = Math.max(0, tile.length - 70);
                    float[] expected = tile.attend(REFERENCE, first, tile.length - first, window);
                    for (KernelProvider provider : PROVIDERS) {
                        float[] found = tile.attend(provider, first, tile.length - first, window);
                        assertClose(found, expected, provider + ", " + Arrays.toString(shape) + ", window " + window);
                    }
                }
            }
        }
    }

    private static void assertClose(float[] found, float[] expected, String what) {
        for (int i = 0; i < expected.length; i++) {
            boolean same = Float.isNaN(expected[i])
                    ? Float.isNaN(found[i])
                    : Math.abs(found[i] - expected[i]) <= TOLERANCE * Math.max(1, Math.abs(expected[i]));
            if (!same) {
                throw new AssertionError(what + ", element " + i + ": " + found[i] + ", expected " + expected[i]);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everything")
    void givesTheSameBitsAloneAndTogether(KernelProvider provider, CacheType keys, CacheType values) {
        PageForm form = new PageForm(1, 1, 72, keys, values);
        try (RandomTile tile = new RandomTile(form, 3, 150, REFERENCE)) {
            for (int window : List.of(NO_WINDOW, 30, 100)) {
                float[] together = tile.attend(provider, 0, tile.length, window);
                for (int position : new int[] {0, 1, 29, 30, 31, 63, 64, 65, 101, 128, 149}) {
                    float[] alone = tile.attend(provider, position, 1, window);
                    int from = 3 + position * tile.stride();
                    int to = from + tile.stride();
                    assertThat(Arrays.copyOfRange(alone, from, to))
                            .as("position %d, window %d", position, window)
                            .isEqualTo(Arrays.copyOfRange(together, from, to));
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everything")
    void storesTheSameBytes(KernelProvider provider, CacheType keys, CacheType values) {
        for (int headSize : new int[] {2, 8, 33, 64, 80, 101}) {
            PageForm form = new PageForm(2, 2, headSize, keys, values);
            try (RandomTile expected = new RandomTile(form, 1, 100, REFERENCE);
                    RandomTile found = new RandomTile(form, 1, 100, provider)) {
                for (int page = 0; page < 2; page++) {
                    for (int layer = 0; layer < 2; layer++) {
                        assertThat(found.page(page)
                                        .keys(layer, 1)
                                        .mismatch(expected.page(page).keys(layer, 1)))
                                .as("keys, head size %d", headSize)
                                .isEqualTo(-1);
                        assertThat(found.page(page)
                                        .values(layer, 1)
                                        .mismatch(expected.page(page).values(layer, 1)))
                                .as("values, head size %d", headSize)
                                .isEqualTo(-1);
                    }
                }
            }
        }
    }
}
