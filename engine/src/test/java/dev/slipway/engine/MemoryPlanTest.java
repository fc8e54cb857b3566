package dev.slipway.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ErrorKind;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.model.MemoryEstimate;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryPlanTest {
    private static final long PLENTY = 8L << 30;

    /** 2 layers × 2 kv heads × 16 elements, keys and values in 16 bits, 64 positions. */
    private static final long PAGE_BYTES = 2L * 2 * 16 * 2 * 2 * 64;

    @TempDir
    Path folder;

    private Path tiny(QuantisationType type) throws IOException {
        return new TinyModel("llama", type, true, 4096, 1).writeTo(folder);
    }

    private static MemoryPlan plan(Path path, EngineOptions options, long available) {
        try (OpenModel model = OpenModel.open(path);
                Compute compute =
                        new Compute(KernelProviders.choose(options.provider()).provider(), 1)) {
            return MemoryPlan.of(model, options, compute, () -> available);
        }
    }

    private static EngineOptions options(String provider) {
        return EngineOptions.DEFAULT.withProvider(provider);
    }

    @Test
    void weightsThatAreReadInTheFileAreCountedOnce() throws IOException {
        MemoryEstimate estimate =
                plan(tiny(QuantisationType.F32), options("scalar"), PLENTY).estimate();
        long matrices = 2L * (64 * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 96) + 64 * 259;
        assertThat(estimate.mapped()).isEqualTo(matrices * 4);
        // The norms: two in each block and the last.
        assertThat(estimate.packed()).isEqualTo(5 * 64 * 4);
        assertThat(estimate.cache()).isEqualTo(4 * 64 * PAGE_BYTES);
        assertThat(estimate.total()).isEqualTo(estimate.fixed() + estimate.cache());
    }

    @Test
    void weightsThatAreRepackedAreCountedInTheirNewForm() throws IOException {
        Path path = tiny(QuantisationType.F16);
        for (String provider : KernelProviders.names()) {
            try (OpenModel model = OpenModel.open(path);
                    Compute compute =
                            new Compute(KernelProviders.choose(provider).provider(), 1)) {
                MemoryEstimate estimate = MemoryPlan.of(model, options(provider), compute, () -> PLENTY)
                        .estimate();
                long matrices = 2L * (64 * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 96) + 64 * 259;
                boolean packs = compute.loadedBytes(QuantisationType.F16, 259, 64) > 0;
                // Groups of 32 rows: 259 rows take the room of 288.
                long packed = packs ? (matrices + 29 * 64) * 2 : 0;
                assertThat(estimate.packed()).as(provider).isEqualTo(packed + 5 * 64 * 4);
                assertThat(estimate.mapped()).as(provider).isEqualTo(packs ? 0 : matrices * 2);
            }
        }
    }

    @Test
    void weightsThatAreQuantisedAtLoadAreCountedSo() throws IOException {
        EngineOptions quantised = options("scalar").withStorage(new Storage("q8_0", "f16", "q8_0"));
        MemoryEstimate estimate =
                plan(tiny(QuantisationType.BF16), quantised, PLENTY).estimate();
        long matrices = 2L * (64 * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 96) + 64 * 259;
        assertThat(estimate.mapped()).isZero();
        assertThat(estimate.packed()).isEqualTo(matrices / 32 * 34 + 5 * 64 * 4);
        assertThat(estimate.cache()).isLessThan(4 * 64 * PAGE_BYTES);
    }

    @Test
    void aModelThatDoesNotFitIsRefusedWithAllFigures() throws IOException {
        Path path = tiny(QuantisationType.F32);
        assertThatThrownBy(() -> plan(path, options("scalar"), 10 << 20))
                .isInstanceOfSatisfying(EngineException.class, e -> {
                    assertThat(e.code()).isEqualTo("engine.out-of-memory");
                    assertThat(e.kind()).isEqualTo(ErrorKind.EXHAUSTED);
                    assertThat(e.hint()).contains("smaller quantisation");
                })
                .hasMessageContainingAll(path.toString(), "weights in the file 305 KiB", "KV cache", "room for 10 MiB");
    }

    @Test
    void aContextThatDoesNotFitIsRefusedWithTheOneThatWould() throws IOException {
        Path path = tiny(QuantisationType.F32);
        long fixed = plan(path, options("scalar"), PLENTY).estimate().fixed();
        long room = 20 * PAGE_BYTES;
        EngineOptions asked = options("scalar").withContextLength(4096);
        assertThatThrownBy(() -> plan(path, asked, fixed + room))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.hint()).contains("at most " + 18 * 64 + " tokens"));
        // Without a wish the context is what fits well.
        MemoryPlan plan = plan(path, options("scalar"), fixed + room);
        assertThat(plan.context()).isEqualTo(10 * 64);
        assertThat(plan.pages()).isEqualTo(10);
        assertThat(plan.estimate().total()).isLessThanOrEqualTo(fixed + room);
        MemoryPlan shorter = plan(path, options("scalar").withContextLength(64), fixed + room);
        assertThat(shorter.pages()).isEqualTo(4);
    }

    @Test
    void theEngineAsksBeforeItLoads() throws IOException {
        Path path = tiny(QuantisationType.Q8_0);
        assertThatThrownBy(() -> TextEngines.open(path, EngineOptions.DEFAULT, () -> 1 << 20))
                .isInstanceOfSatisfying(
                        EngineException.class, e -> assertThat(e.code()).isEqualTo("engine.out-of-memory"));
        try (TextEngine engine = TextEngines.open(path, EngineOptions.DEFAULT, () -> PLENTY)) {
            assertThat(engine.model().contextLength()).isEqualTo(4096);
        }
    }
}
