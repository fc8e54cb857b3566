package dev.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.TinyModel;
import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is known of a prompt's beginning gives the bits that computing it anew would give. */
class PrefixReuseTest {
    /** Of logits that spread over some ten units. */
    private static final double HALVES = 0.02;

    private static final double BYTES = 0.3;

    @TempDir
    Path folder;

    static Stream<Arguments> everything() {
        return KernelProviders.names().stream()
                .flatMap(provider -> Stream.of(CacheType.values()).map(type -> Arguments.of(provider, type)));
    }

    private static int[] prompt(int length, int change) {
        return IntStream.range(0, length)
                .map(i -> (i < change ? i * 37 : i * 41 + 5) % 250)
                .toArray();
    }

    /** The logits after the last token; tokens go in {@code piece} at a time, behind those of another sequence. */
    private static float[] logits(TextModel model, KvPool pool, int[] prompt, int piece) {
        float[] logits = new float[model.weights().vocabularySize()];
        try (KvCache cache = pool.open(prompt, prompt.length).orElseThrow();
                KvCache beside = pool.open(new int[0], prompt.length).orElseThrow()) {
            for (int from = cache.length(); from < prompt.length; from += piece) {
                Batch batch = new Batch();
                batch.add(from % 250, beside);
                int row = 0;
                for (int i = from; i < Math.min(prompt.length, from + piece); i++) {
                    row = batch.add(prompt[i], cache);
                }
                int width = model.shape().width();
                float[] states = model.states(batch);
                model.logits(Arrays.copyOfRange(states, row * width, (row + 1) * width), 1, logits);
            }
        }
        return logits;
    }

    @ParameterizedTest
    @MethodSource("everything")
    void changesNothing(String provider, CacheType type) throws IOException {
        Path path = new TinyModel("llama", QuantisationType.F32, false, 256, 3).writeTo(folder);
        try (OpenModel file = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose(provider).provider(), 2)) {
            TextModel model = TextModel.of(file, compute);
            PageForm form = model.shape().pageForm(type, type);
            try (KvPool warm = new KvPool(form, 12)) {
                for (int change : new int[] {200, 200, 64, 100, 190, 3, 150}) {
                    int[] prompt = prompt(200, change);
                    try (KvPool fresh = new KvPool(form, 12)) {
                        assertThat(logits(model, warm, prompt, 31))
                                .as("%d tokens known at least, perhaps", change)
                                .isEqualTo(logits(model, fresh, prompt, 200));
                    }
                }
                assertThat(warm.usage().inUse()).isZero();
                try (KvCache last = warm.open(prompt(200, 200), 200).orElseThrow()) {
                    assertThat(last.reused()).isGreaterThanOrEqualTo(128);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everything")
    void smallerTypesStayNearTheReference(String provider, CacheType type) throws IOException {
        Path path = new TinyModel("qwen2", QuantisationType.F32, true, 256, 4).writeTo(folder);
        int[] prompt = prompt(100, 100);
        try (OpenModel file = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose(provider).provider(), 2)) {
            double[] expected = new ReferenceModel(file).logits(prompt)[prompt.length - 1];
            TextModel model = TextModel.of(file, compute);
            try (KvPool pool = new KvPool(model.shape().pageForm(type, type), 4)) {
                float[] found = logits(model, pool, prompt, 100);
                double worst = 0;
                for (int i = 0; i < expected.length; i++) {
                    worst = Math.max(worst, Math.abs(found[i] - expected[i]));
                }
                System.out.println(provider + ", " + type.label() + ": logits differ by at most " + worst);
                assertThat(worst).isLessThan(type == CacheType.Q8_0 ? BYTES : HALVES);
            }
        }
    }
}
