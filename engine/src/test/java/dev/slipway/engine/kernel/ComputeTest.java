package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ComputeTest {
    private static final long LARGE = 1L << 40;

    private final KernelProvider provider = KernelProviders.choose("scalar").provider();

    @Test
    void worksOnEachItemOnce() {
        try (Compute compute = new Compute(provider, 2)) {
            for (int items : new int[] {1, 2, 3, 8, 1000, 1001}) {
                for (int round = 0; round < 500; round++) {
                    AtomicIntegerArray done = new AtomicIntegerArray(items);
                    compute.forEach(items, LARGE, (from, to) -> {
                        for (int i = from; i < to; i++) {
                            done.incrementAndGet(i);
                        }
                    });
                    for (int i = 0; i < items; i++) {
                        assertThat(done.get(i)).isEqualTo(1);
                    }
                }
            }
        }
    }

    @Test
    void usesNoMoreThreadsThanCores() {
        int cores = Runtime.getRuntime().availableProcessors();
        try (Compute one = new Compute(provider, 1);
                Compute all = new Compute(provider, 0);
                Compute many = new Compute(provider, 10_000)) {
            assertThat(one.threads()).isEqualTo(1);
            assertThat(all.threads()).isEqualTo(cores);
            assertThat(many.threads()).isEqualTo(cores);
        }
    }

    @Test
    void passesFailuresOnAndStaysUsable() {
        try (Compute compute = new Compute(provider, 2)) {
            for (int round = 0; round < 100; round++) {
                assertThatThrownBy(() -> compute.forEach(100, LARGE, (from, to) -> {
                            throw new IllegalStateException("item " + from);
                        }))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("item");
            }
            int[] sum = new int[1];
            compute.forEach(1, LARGE, (from, to) -> sum[0] += to);
            assertThat(sum[0]).isEqualTo(1);
        }
    }
}
