package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Fast attention at whatever width vectors have here: the bits of its plain definition, and nothing outside its tile. */
class AttentionKernelsTest {
    private static final int[][] SHAPES = {{88, 5, 140}, {64, 7, 70}, {80, 4, 65}, {8, 1, 3}};

    static List<KernelProvider> fastProviders() {
        return KernelProvidersAgreeTest.providers().stream()
                .filter(provider -> !(provider instanceof ScalarKernels))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void givesTheBitsOfThePlainDefinition(CacheType type) {
        KernelProvider plain = new VectorKernels(VectorKernels.Readiness.NONE);
        for (int[] shape : SHAPES) {
            PageForm form = new PageForm(1, 2, shape[0], type, type);
            try (RandomTile tile = new RandomTile(form, shape[1], shape[2], plain)) {
                int first = Math.max(0, shape[2] - 80);
                float[] expected = tile.attend(plain, first, shape[2] - first, 70);
                for (KernelProvider provider : fastProviders()) {
                    assertThat(tile.attend(provider, first, shape[2] - first, 70))
                            .as("%s, heads of %d", provider, shape[0])
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("fastProviders")
    void refusesPagesAndArraysThatDoNotHoldWhatIsAskedFor(KernelProvider provider) {
        PageForm form = new PageForm(1, 1, 64, CacheType.F16, CacheType.F16);
        PageForm other = new PageForm(1, 1, 32, CacheType.F16, CacheType.F16);
        try (PageMemory memory = new PageMemory(form);
                PageMemory small = new PageMemory(other)) {
            Page page = memory.take(1);
            float[] floats = new float[64];
            var rows = new AttentionTile.Rows(floats, floats.clone(), 0, 64, 1, 1);
            int none = AttentionTile.NO_WINDOW;
            assertThatThrownBy(() -> new AttentionTile(List.of(page), 0, 0, 0, 64, rows, 1, none))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> new AttentionTile(List.of(page), 1, 0, 0, 64, rows, 1, none))
                    .isInstanceOf(IllegalArgumentException.class);
            var beyond = new AttentionTile.Rows(floats, floats.clone(), 1, 64, 1, 1);
            assertThatThrownBy(() -> new AttentionTile(List.of(page), 0, 0, 0, 0, beyond, 1, none))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> provider.attend(new AttentionTile(List.of(page), 0, 1, 0, 0, rows, 1, none)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            List<Page> mixed = List.of(page, small.take(1));
            assertThatThrownBy(() -> new AttentionTile(mixed, 0, 0, 0, 100, rows, 1, none))
                    .isInstanceOf(IllegalArgumentException.class);
            KvRows vectors = new KvRows(floats, floats, 0, 64, 1);
            assertThatThrownBy(() -> provider.store(page, 0, 0, 64, vectors))
                    .isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> provider.store(page, 0, 0, 0, new KvRows(floats, floats, 1, 64, 1)))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("fastProviders")
    void readsNothingFromMemoryThatWasGivenBack(KernelProvider provider) {
        PageForm form = new PageForm(1, 1, 64, CacheType.F16, CacheType.F16);
        Page page;
        try (PageMemory memory = new PageMemory(form)) {
            page = memory.take(1);
        }
        var rows = new AttentionTile.Rows(new float[64], new float[64], 0, 64, 1, 1);
        var tile = new AttentionTile(List.of(page), 0, 0, 0, 0, rows, 1, AttentionTile.NO_WINDOW);
        assertThatThrownBy(() -> provider.attend(tile)).isInstanceOf(IllegalStateException.class);
    }
}
