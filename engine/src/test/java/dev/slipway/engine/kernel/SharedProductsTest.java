package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kernel.Compute.Product;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Products that share their vectors have the same bits as each alone, whatever their types and sizes. */
class SharedProductsTest {
    private static final int COLUMNS = 1024;

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 50})
    void haveTheSameBitsAsAlone(int tokens) {
        for (String provider : List.of("scalar", "vector", "auto")) {
            try (Arena arena = Arena.ofShared();
                    Compute compute =
                            new Compute(KernelProviders.choose(provider).provider(), 2)) {
                List<Weights> weights = List.of(
                        compute.load(RandomWeights.matrix(arena, QuantisationType.Q4_0, 896, COLUMNS, 1)),
                        compute.load(RandomWeights.matrix(arena, QuantisationType.Q6_K, 70, COLUMNS, 2)),
                        compute.load(RandomWeights.matrix(arena, QuantisationType.F16, 33, COLUMNS, 3)),
                        compute.load(RandomWeights.matrix(arena, QuantisationType.Q8_0, 1, COLUMNS, 4)));
                float[] x = RandomWeights.floats(tokens * COLUMNS, 1, 5);
                Product[] together = weights.stream()
                        .map(each -> new Product(each, new float[tokens * each.rows()]))
                        .toArray(Product[]::new);
                compute.multiply(x, tokens, together);
                for (Product product : together) {
                    float[] alone = new float[tokens * product.weights().rows()];
                    compute.multiply(product.weights(), x, tokens, alone);
                    assertThat(product.y()).isEqualTo(alone);
                }
            }
        }
    }

    /** A form that suits by its type must not be taken for vectors of another length. */
    @Test
    void takeTheirOwnVectors() {
        try (Arena arena = Arena.ofShared();
                Compute compute = new Compute(KernelProviders.choose("auto").provider(), 1)) {
            Weights weights = compute.load(RandomWeights.matrix(arena, QuantisationType.Q8_0, 64, COLUMNS, 1));
            Activations activations = compute.provider().activations();
            activations.fill(weights, new float[COLUMNS], 1, (items, range) -> range.run(0, items));
            assertThat(activations.suit(weights)).isTrue();
            Weights shorter = compute.load(RandomWeights.matrix(arena, QuantisationType.Q8_0, 64, 512, 1));
            assertThat(activations.suit(shorter)).isEqualTo(compute.provider() instanceof ScalarKernels);
        }
    }
}
