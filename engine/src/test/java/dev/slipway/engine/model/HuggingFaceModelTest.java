package dev.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.HuggingFaceTwin;
import dev.slipway.engine.TinyModel;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same weights as a GGUF file and as a Hugging Face folder give the same logits. */
class HuggingFaceModelTest {
    /** Where heads lie in another order, sums are taken in another one; logits spread over some ten units. */
    private static final float TOLERANCE = 2e-5f;

    private static final int[] TOKENS =
            "Sphinx of black quartz, judge my vow: forty-two of them, twice over, and again!"
                    .chars()
                    .toArray();

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "llama, llama, F32, 1",
        "llama, llama, BF16, 3",
        "llama, mistral, F16, 1",
        "qwen2, qwen2, F32, 2",
        "qwen2, qwen2, BF16, 1",
        "qwen3, qwen3, F32, 1",
        "qwen3, qwen3, F16, 2"
    })
    void bothLayoutsGiveTheSameLogits(String architecture, String modelType, QuantisationType type, int files)
            throws IOException {
        TinyModel tiny = new TinyModel(architecture, type, files > 1, 256, 7);
        assertTwins(tiny, writer -> writer, modelType, files, Map.of());
    }

    private void assertTwins(
            TinyModel tiny, UnaryOperator<GgufWriter> addition, String modelType, int files, Map<String, Object> config)
            throws IOException {
        Path gguf = tiny.writeTo(folder, addition);
        Path twin = HuggingFaceTwin.write(gguf, folder.resolve("twin"), modelType, files, config);
        float[] expected = logits(gguf);
        float[] found = logits(twin);
        assertThat(expected[0]).isNotNaN();
        assertThat(found).hasSameSizeAs(expected);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).as("logit %d", i).isCloseTo(expected[i], within(TOLERANCE));
        }
    }

    private static float[] logits(Path path) {
        try (OpenModel model = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose("scalar").provider(), 1)) {
            return Logits.last(TextModel.of(model, compute), TOKENS);
        }
    }

    private static Map<String, Object> scaling(Object... keysAndValues) {
        Map<String, Object> scaling = new LinkedHashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            scaling.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return scaling;
    }

    @Test
    void linearScalingIsToldEitherWay() throws IOException {
        UnaryOperator<GgufWriter> gguf =
                writer -> writer.text("llama.rope.scaling.type", "linear").real("llama.rope.scaling.factor", 4);
        TinyModel tiny = new TinyModel("llama", QuantisationType.F32, false, 256, 8);
        assertTwins(tiny, gguf, "llama", 1, Map.of("rope_scaling", scaling("type", "linear", "factor", 4.0)));
    }

    @Test
    void yarnIsToldEitherWay() throws IOException {
        UnaryOperator<GgufWriter> gguf = writer -> writer.text("qwen2.rope.scaling.type", "yarn")
                .real("qwen2.rope.scaling.factor", 4)
                .real("qwen2.rope.scaling.yarn_beta_fast", 8)
                .whole("qwen2.rope.scaling.original_context_length", 64);
        TinyModel tiny = new TinyModel("qwen2", QuantisationType.F32, false, 256, 8);
        Map<String, Object> yarn =
                scaling("rope_type", "yarn", "factor", 4, "beta_fast", 8, "original_max_position_embeddings", 64);
        assertTwins(tiny, gguf, "qwen2", 1, Map.of("rope_scaling", yarn));
        yarn.put("rope_theta", 500);
        Map<String, Object> newer = new LinkedHashMap<>();
        newer.put("rope_theta", null);
        newer.put("rope_parameters", yarn);
        assertTwins(tiny, gguf, "qwen2", 1, newer);
    }

    @Test
    void llama3ScalingGivesTheFactorsThatConvertersWrite() throws IOException {
        // 16 elements, base 500, first trained for 64 positions: pairs turn 10.2, 4.7, 2.2, 0.99, 0.46 … times.
        float[] factors = new float[8];
        for (int i = 0; i < 8; i++) {
            double turns = 64 * Math.pow(500, -i / 8.0) / (2 * Math.PI);
            double kept = turns >= 4 ? 1 : turns <= 1 ? 0 : (turns - 1) / 3;
            factors[i] = (float) (1 / (kept + (1 - kept) / 8));
        }
        assertThat(factors[1]).isEqualTo(1);
        assertThat(factors[2]).isBetween(1.5f, 7f);
        assertThat(factors[7]).isEqualTo(8);
        UnaryOperator<GgufWriter> gguf = writer -> writer.tensor(
                "rope_freqs.weight",
                QuantisationType.F32,
                java.util.List.of(8L),
                dev.slipway.engine.kernel.RandomWeights.stored(QuantisationType.F32, factors));
        TinyModel tiny = new TinyModel("llama", QuantisationType.F32, false, 256, 8);
        Path file = tiny.writeTo(folder, gguf);
        Path plain = tiny.writeTo(java.nio.file.Files.createDirectory(folder.resolve("plain")));
        Path twin = HuggingFaceTwin.write(
                plain,
                folder.resolve("twin"),
                "llama",
                1,
                Map.of(
                        "rope_scaling",
                        scaling(
                                "rope_type",
                                "llama3",
                                "factor",
                                8.0,
                                "low_freq_factor",
                                1.0,
                                "high_freq_factor",
                                4.0,
                                "original_max_position_embeddings",
                                64)));
        float[] expected = logits(file);
        float[] found = logits(twin);
        for (int i = 0; i < found.length; i++) {
            assertThat(found[i]).isCloseTo(expected[i], within(TOLERANCE));
        }
        assertThat(logits(plain)).isNotEqualTo(expected);
    }

    @Test
    void windowsAreToldEitherWay() throws IOException {
        UnaryOperator<GgufWriter> all = writer -> writer.whole("llama.attention.sliding_window", 7);
        TinyModel tiny = new TinyModel("llama", QuantisationType.F32, false, 256, 8);
        assertTwins(tiny, all, "mistral", 1, Map.of("sliding_window", 7));
        float[] windowed = logits(folder.resolve("model.gguf"));
        assertThat(windowed).isNotEqualTo(logits(tiny.writeTo(folder)));

        UnaryOperator<GgufWriter> second = writer -> writer.whole("qwen2.attention.sliding_window", 5)
                .wholes("qwen2.attention.sliding_window_pattern", 0, 1);
        TinyModel qwen = new TinyModel("qwen2", QuantisationType.F32, false, 256, 8);
        Map<String, Object> config = Map.of("use_sliding_window", true, "sliding_window", 5, "max_window_layers", 1);
        assertTwins(qwen, second, "qwen2", 1, config);
        Map<String, Object> listed = Map.of(
                "use_sliding_window",
                true,
                "sliding_window",
                5,
                "layer_types",
                java.util.List.of("full_attention", "sliding_attention"));
        assertTwins(qwen, second, "qwen2", 1, listed);
        // The switch is off in most files of this family, whatever the other keys say.
        assertTwins(qwen, writer -> writer, "qwen2", 1, Map.of("sliding_window", 5, "max_window_layers", 1));
        assertRefused(
                qwen.writeTo(folder),
                "qwen2",
                Map.of(
                        "use_sliding_window",
                        true,
                        "sliding_window",
                        5,
                        "layer_types",
                        java.util.List.of("full_attention")),
                "'layer_types' tells of 1 layers");
    }

    @Test
    void aWindowSeesTheLastPositionsAlone() throws IOException {
        Path gguf = new TinyModel("llama", QuantisationType.F32, false, 256, 9)
                .writeTo(folder, writer -> writer.whole("llama.attention.sliding_window", 4));
        try (OpenModel model = OpenModel.open(gguf);
                Compute compute = new Compute(KernelProviders.choose("auto").provider(), 1)) {
            TextModel text = TextModel.of(model, compute);
            int[] other = TOKENS.clone();
            // Two layers of four positions each reach back six positions before the last.
            java.util.Arrays.fill(other, 0, other.length - 7, 'x');
            assertThat(Logits.last(text, other)).isEqualTo(Logits.last(text, TOKENS));
            other[other.length - 7] = 'x';
            assertThat(Logits.last(text, other)).isNotEqualTo(Logits.last(text, TOKENS));
        }
    }

    @Test
    void namesTheFoldersOwnTensorsAndKeys() throws IOException {
        Path gguf = new TinyModel("qwen3", QuantisationType.F32, false, 256, 8).writeTo(folder);
        assertRefused(gguf, "qwen3", Map.of("head_dim", 20), "model.layers.0.self_attn.q_proj.weight", "64 × 80");
        assertRefused(gguf, "qwen2", Map.of("head_dim", 24), "model.layers.0.self_attn.q_proj.bias", "missing");
        assertRefused(gguf, "llama", Map.of("head_dim", 24), "model.layers.0.self_attn.q_norm.weight", "no place");
        assertRefused(gguf, "qwen3", Map.of("max_position_embeddings", -1), "'max_position_embeddings' is -1");
        assertRefused(gguf, "phi3", Map.of(), "'phi3'", "cannot be run");
        assertRefused(gguf, "qwen3", Map.of("rope_scaling", scaling("type", "dynamic", "factor", 2)), "'dynamic'");
    }

    private void assertRefused(Path gguf, String type, Map<String, Object> config, String... parts) throws IOException {
        Path twin = HuggingFaceTwin.write(gguf, folder.resolve("wrong"), type, 1, config);
        try (OpenModel model = OpenModel.open(twin);
                Compute compute = new Compute(KernelProviders.choose("scalar").provider(), 1)) {
            assertThatThrownBy(() -> TextModel.of(model, compute))
                    .isInstanceOf(EngineException.class)
                    .hasMessageContainingAll(parts);
        }
    }
}
