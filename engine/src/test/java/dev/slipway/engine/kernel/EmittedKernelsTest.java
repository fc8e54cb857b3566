package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.engine.kernel.x86.BlockForm;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What emitted code must not do, and what it rounds. */
class EmittedKernelsTest {
    private static final KernelProvider.Split ALONE = (items, range) -> range.run(0, items);

    private KernelProvider kernels = new ScalarKernels();

    @BeforeEach
    void codeCanBeEmitted() {
        Processor processor = KernelProviders.processor();
        if (processor.levels().isEmpty()) {
            System.out.println("skipped: " + processor.obstacle());
        }
        assumeTrue(!processor.levels().isEmpty(), "code can be emitted");
        kernels = KernelProviders.choose("emitted").provider();
    }

    private Activations filled(Weights weights, float[] x, int tokens) {
        Activations activations = kernels.activations();
        activations.fill(weights, x, tokens, (items, range) -> range.run(0, items));
        return activations;
    }

    @ParameterizedTest
    @EnumSource(names = {"F32", "Q8_0", "Q4_K"})
    void touchesNothingOutsideItsArrays(QuantisationType type) {
        try (Arena arena = Arena.ofConfined()) {
            Weights weights = kernels.load(RandomWeights.matrix(arena, type, 70, 1024, 1), arena, ALONE);
            float[] x = RandomWeights.floats(3 * 1024, 1, 2);
            Activations activations = filled(weights, x, 3);
            assertThatThrownBy(() -> kernels.multiply(weights, 0, 70, activations, new float[3 * 70 - 1]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> kernels.multiply(weights, 64, 97, activations, new float[3 * 97]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> kernels.multiply(weights, -1, 70, activations, new float[3 * 70]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> filled(weights, x, 4)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void refusesActivationsOfAnotherSize() {
        try (Arena arena = Arena.ofConfined()) {
            Weights small = kernels.load(RandomWeights.matrix(arena, QuantisationType.Q8_0, 32, 1024, 1), arena, ALONE);
            Weights large = kernels.load(RandomWeights.matrix(arena, QuantisationType.Q8_0, 32, 2048, 1), arena, ALONE);
            Activations activations = filled(small, new float[1024], 1);
            assertThatThrownBy(() -> kernels.multiply(large, 0, 32, activations, new float[32]))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void staysInsideVectorsToo() {
        float[] ten = new float[10];
        assertThatThrownBy(() -> kernels.add(ten, 5, ten, 0, 6)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels.softmax(ten, 3, 11)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels.siluTimes(ten, ten, 0, 11)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> kernels.rmsNorm(ten, 1, ten, 1, new float[10], 0))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void leavesWhatIsBesideItsResultsAlone() {
        try (Arena arena = Arena.ofConfined()) {
            Weights weights =
                    kernels.load(RandomWeights.matrix(arena, QuantisationType.Q4_0, 100, 1024, 1), arena, ALONE);
            float[] y = new float[2 * 100];
            Arrays.fill(y, 7);
            kernels.multiply(weights, 10, 71, filled(weights, new float[2048], 2), y);
            for (int i = 0; i < y.length; i++) {
                int row = i % 100;
                assertThat(y[i]).as("result %d", i).isEqualTo(row >= 10 && row < 71 ? 0f : 7f);
            }
        }
    }

    static Stream<BlockForm> forms() {
        BlockForm form = BlockForms.of(QuantisationType.Q8_0);
        return Stream.of(form, form.withPlanes(2));
    }

    /** Zeros, the smallest and the largest numbers, halves, and both signs. */
    @ParameterizedTest
    @MethodSource("forms")
    void roundsActivationsAsDefined(BlockForm form) {
        try (Arena arena = Arena.ofConfined()) {
            int columns = form.planes() == 2 ? 512 : 1024;
            float[] x = RandomWeights.floats(columns, 1, 3);
            Arrays.fill(x, 0, 64, 0);
            Arrays.fill(x, 64, 96, Float.MIN_VALUE);
            x[96] = 1e30f;
            x[97] = -1e30f;
            x[130] = 127;
            x[131] = 63.5f;
            x[132] = -0.5f;
            float[] rounded = PlainQuantiser.rounded(x, form);
            Matrix matrix = identity(arena, columns);
            float[] found = new float[columns];
            Products.multiply(kernels, matrix, 0, columns, x, 1, found);
            float[] expected = new float[columns];
            Products.multiply(new ScalarKernels(), matrix, 0, columns, rounded, 1, expected);
            for (int i = 0; i < columns; i++) {
                assertThat((double) found[i])
                        .as("activation %d", i)
                        .isCloseTo(expected[i], org.assertj.core.data.Offset.offset(Math.abs(expected[i]) * 1e-5));
            }
        }
    }

    /** Each row takes one activation. */
    private static Matrix identity(Arena arena, int columns) {
        QuantisationType type = QuantisationType.Q8_0;
        float[] ones = new float[columns * columns];
        for (int i = 0; i < columns; i++) {
            ones[i * columns + i] = 1;
        }
        byte[] bytes = RandomWeights.stored(type, ones);
        MemorySegment data = arena.allocate(bytes.length, 64);
        data.copyFrom(MemorySegment.ofArray(bytes));
        return new Matrix("identity", type, columns, columns, data);
    }

    @Test
    void isReadyAtOnce() {
        kernels.prepare(List.of());
        float[] y = {1, 2};
        kernels.add(y, 0, new float[] {1, 1}, 0, 2);
        assertThat(y).containsExactly(2, 3);
    }
}
