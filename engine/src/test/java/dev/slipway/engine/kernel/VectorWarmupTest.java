package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kernel.VectorKernels.Readiness;
import dev.slipway.model.QuantisationType;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
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
    void switchesTheProviderToVectors() {
        VectorKernels kernels = new VectorKernels(Readiness.NONE);
        try (Arena arena = Arena.ofShared()) {
            kernels.prepare(List.of(
                    RandomWeights.matrix(arena, QuantisationType.Q8_0, 64, 256, 1),
                    RandomWeights.matrix(arena, QuantisationType.F16, 64, 256, 1)));
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
            while (System.nanoTime() < deadline
                    && !(kernels.readiness().rest()
                            && kernels.readiness().types().size() == 2)) {
                LockSupport.parkNanos(1_000_000);
            }
        }
        assertThat(kernels.readiness())
                .isEqualTo(new Readiness(Set.of(QuantisationType.Q8_0, QuantisationType.F16), true));
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
