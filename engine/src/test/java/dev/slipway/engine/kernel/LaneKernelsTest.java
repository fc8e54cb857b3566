package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Before and after its kernels are compiled, the vector provider gives the same bits. */
class LaneKernelsTest {
    private final VectorKernels before = new VectorKernels(VectorKernels.Readiness.NONE);
    private final VectorKernels after = new VectorKernels(VectorKernels.Readiness.ALL);

    private void assertSameBits(int length, BiConsumer<VectorKernels, float[]> operation) {
        float[] expected = RandomWeights.floats(length, 3, 5);
        float[] found = expected.clone();
        operation.accept(after, expected);
        operation.accept(before, found);
        assertThat(found).isEqualTo(expected);
    }

    static Set<QuantisationType> types() {
        return StoredFloats.SUPPORTED;
    }

    @ParameterizedTest
    @MethodSource("types")
    void multipliesTheSame(QuantisationType type) {
        try (Arena arena = Arena.ofConfined()) {
            for (int columns : new int[] {32, 192, 736, 768, 2080, 2048}) {
                if (columns % type.blockSize() != 0) {
                    continue;
                }
                Matrix matrix = RandomWeights.matrix(arena, type, 13, columns, 3);
                for (int tokens : new int[] {1, 2, 3, 4, 7}) {
                    float[] x = RandomWeights.floats(tokens * columns, 1, 4);
                    assertSameBits(
                            13 * tokens, (kernels, y) -> Products.multiply(kernels, matrix, 0, 13, x, tokens, y));
                }
            }
        }
    }

    @Test
    void multipliesOddRowsTheSame() {
        try (Arena arena = Arena.ofConfined()) {
            for (int columns : new int[] {1, 17, 63, 101}) {
                Matrix matrix = RandomWeights.matrix(arena, QuantisationType.F32, 5, columns, 3);
                float[] x = RandomWeights.floats(columns, 1, 4);
                assertSameBits(5, (kernels, y) -> Products.multiply(kernels, matrix, 0, 5, x, 1, y));
            }
        }
    }

    @Test
    void doesEverythingElseTheSame() {
        float[] other = RandomWeights.floats(1000, 1, 6);
        for (int length : new int[] {1, 16, 67, 896}) {
            float[] weight = RandomWeights.floats(length, 1, 7);
            assertSameBits(1000, (kernels, y) -> kernels.rmsNorm(other, 3, weight, 1e-5f, y, 2));
            assertSameBits(1000, (kernels, y) -> kernels.siluTimes(y, other, 2, 2 + length));
            assertSameBits(1000, (kernels, y) -> kernels.softmax(y, 2, 2 + length));
        }
    }
}
