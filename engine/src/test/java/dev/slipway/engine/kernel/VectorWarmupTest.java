package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kernel.VectorKernels.Readiness;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class VectorWarmupTest {
    @Test
    void saysWhenKernelsHaveBeenCompiled() throws InterruptedException {
        BlockingQueue<Readiness> told = new LinkedBlockingQueue<>();
        try (Arena arena = Arena.ofShared()) {
            Matrix sample = RandomWeights.matrix(arena, QuantisationType.Q8_0, 64, 256, 1);
            VectorWarmup.start(List.of(sample), told::add);
            Readiness products = told.poll(60, TimeUnit.SECONDS);
            assertThat(products).isNotNull();
            assertThat(products.types()).containsExactly(QuantisationType.Q8_0);
            Readiness rest = told.poll(60, TimeUnit.SECONDS);
            assertThat(rest).isNotNull();
            assertThat(rest.rest()).isTrue();
        }
    }

    @Test
    void endsQuietlyWhenTheModelIsClosed() throws InterruptedException {
        BlockingQueue<Readiness> told = new LinkedBlockingQueue<>();
        try (Arena arena = Arena.ofShared()) {
            VectorWarmup.start(List.of(RandomWeights.matrix(arena, QuantisationType.F16, 64, 256, 1)), told::add);
        }
        assertThat(told.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }
}
