package dev.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.HuggingFaceTwin;
import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.ModelFile;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import dev.slipway.oracle.Difference;
import dev.slipway.oracle.forward.ReferenceModel;
import dev.slipway.oracle.random.Geometry;
import dev.slipway.oracle.random.RandomModel;
import dev.slipway.oracle.random.RopeScaling;
import dev.slipway.oracle.random.TypeMix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whole models against a forward pass in double precision that shares no code with the engine, and that libllama confirms. */
class JudgedModelTest {
    /** Single precision, and sums in another order. */
    private static final double SINGLE = 2e-5;

    /** Activations of short rows are rounded to 15 bits, and scales that are products of two numbers to 11. */
    private static final double ROUNDED = 3e-3;

    /** Activations of rows beyond 768 columns are rounded to 8 bits, in blocks. */
    private static final double ROUNDED_TO_BYTES = 5e-2;

    /** More than a page of the KV cache. */
    private static final int PROMPT = 80;

    @TempDir
    Path folder;

    static Stream<Arguments> everything() {
        return Stream.of("llama", "qwen2", "qwen3")
                .flatMap(architecture -> StoredFloats.SUPPORTED.stream().map(type -> Arguments.of(architecture, type)));
    }

    static Stream<Arguments> scalings() {
        return Stream.of("llama", "qwen2", "qwen3")
                .flatMap(architecture -> Arrays.stream(RopeScaling.values())
                        .filter(scaling -> scaling.fits(architecture))
                        .map(scaling -> Arguments.of(architecture, scaling)));
    }

    private static int[] tokens(int count) {
        int[] tokens = new int[count];
        Arrays.setAll(tokens, i -> (i * i * 7 + i * 37 + 11) % 509);
        return tokens;
    }

    private Path write(Geometry geometry, QuantisationType type, UnaryOperator<GgufWriter> addition)
            throws IOException {
        return new RandomModel(geometry, new TypeMix.Uniform(type), 3).writeTo(folder.resolve("model.gguf"), addition);
    }

    private static double[][] right(Path gguf, int[] tokens) {
        try (ModelFile file = ModelFile.open(gguf)) {
            return new ReferenceModel(file).logits(tokens);
        }
    }

    private static void assertRight(
            Path model, String provider, int[] tokens, int piece, double[][] right, double most) {
        try (ModelRun run = new ModelRun(model, provider)) {
            assertThat(Difference.of(run.logits(tokens, piece), right).relative())
                    .as("%s, %d tokens at a time", provider, piece)
                    .isLessThan(most);
        }
    }

    private static double tolerance(String provider, QuantisationType type) {
        return !provider.equals("scalar") && type.blockSize() > 1 ? ROUNDED : SINGLE;
    }

    @ParameterizedTest
    @MethodSource("everything")
    void everyArchitectureAndTypeIsRight(String architecture, QuantisationType type) throws IOException {
        Path model = write(Geometry.tiny(architecture), type, writer -> writer);
        int[] tokens = tokens(12);
        double[][] right = right(model, tokens);
        for (String provider : KernelProviders.names()) {
            assertRight(model, provider, tokens, 7, right, tolerance(provider, type));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"Q8_0", "Q4_0", "Q4_K", "Q6_K"})
    void longRowsAreRightWithinRoundingToBytes(QuantisationType type) throws IOException {
        Geometry wide = new Geometry("llama", 1024, 1, 8, 2, 128, 1024, 512, 64, 1e4, 1e-5, true);
        Path model = write(wide, type, writer -> writer);
        int[] tokens = tokens(6);
        assertRight(model, "auto", tokens, 6, right(model, tokens), ROUNDED_TO_BYTES);
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void longContextsAreRightWithEveryRopeScaling(String architecture, RopeScaling scaling) throws IOException {
        Geometry geometry = Geometry.tiny(architecture);
        Path model = write(geometry, QuantisationType.F32, writer -> scaling.addTo(writer, geometry));
        int[] tokens = tokens(260);
        assertRight(model, "auto", tokens, 100, right(model, tokens), SINGLE);
    }

    @Test
    void aSlidingWindowIsRight() throws IOException {
        Geometry geometry = Geometry.tiny("llama");
        Path model =
                write(geometry, QuantisationType.F32, writer -> writer.whole("llama.attention.sliding_window", 50));
        Path whole = new RandomModel(geometry, new TypeMix.Uniform(QuantisationType.F32), 3)
                .writeTo(folder.resolve("whole.gguf"), writer -> writer);
        int[] tokens = tokens(170);
        double[][] right = right(model, tokens);
        assertThat(right[169]).isNotEqualTo(right(whole, tokens)[169]);
        for (int piece : List.of(1, 90)) {
            assertRight(model, "auto", tokens, piece, right, SINGLE);
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, llama, F32", "llama, mistral, BF16", "qwen2, qwen2, F16", "qwen3, qwen3, BF16"})
    void huggingFaceFoldersAreRight(String architecture, String modelType, QuantisationType type) throws IOException {
        Path gguf = write(Geometry.tiny(architecture), type, writer -> writer);
        Path twin = HuggingFaceTwin.write(gguf, folder.resolve("twin"), modelType, 2, Map.of());
        int[] tokens = tokens(20);
        double[][] right = right(gguf, tokens);
        for (String provider : KernelProviders.names()) {
            assertRight(twin, provider, tokens, 20, right, SINGLE);
        }
    }

    @ParameterizedTest
    @CsvSource({"llama, Q4_K, emitted", "qwen2, Q8_0, vector", "qwen3, F16, scalar", "llama, Q8_0, auto"})
    void batchedIsAloneAndReuseChangesNothing(String architecture, QuantisationType type, String provider)
            throws IOException {
        Path model = write(Geometry.tiny(architecture), type, writer -> writer);
        int[] prompt = tokens(PROMPT);
        try (ModelRun run = new ModelRun(model, provider)) {
            float[] alone = run.logits(prompt, PROMPT)[PROMPT - 1];
            assertThat(run.logits(prompt, 1)[PROMPT - 1]).as(provider).isEqualTo(alone);
            try (KvCache first = run.open(prompt);
                    KvCache other = run.open(9, 8, 7)) {
                int reused = first.reused();
                assertThat(reused).isBetween(64, PROMPT - 1);
                for (int at = reused; at < PROMPT - 1; at++) {
                    run.append(first, prompt[at]);
                }
                run.append(other, 9, 8, 7);
                assertThat(run.together(new KvCache[] {other, first}, 5, prompt[PROMPT - 1])[1])
                        .as("continued in a batch from a beginning computed before")
                        .isEqualTo(alone);
            }
        }
    }
}
