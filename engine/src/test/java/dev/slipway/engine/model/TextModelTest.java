package dev.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.engine.EngineException;
import dev.slipway.engine.TinyModel;
import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.PageForm;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TextModelTest {
    /** Of logits that spread over some ten units; the reference is in double precision. */
    private static final double TOLERANCE = 2e-4;

    /** The same where activations are rounded to 15 bits. */
    private static final double ROUNDED_TOLERANCE = 1e-2;

    private static final int[] TOKENS =
            "The quick brown fox jumps over 13 lazy dogs; then it rests. Would you, too, after so long a jump? Yes!"
                    .chars()
                    .toArray();

    @TempDir
    Path folder;

    static Stream<Arguments> everything() {
        return Stream.of("llama", "qwen2")
                .flatMap(architecture -> KernelProviders.names().stream()
                        .flatMap(provider -> StoredFloats.SUPPORTED.stream()
                                .filter(TinyModel::holds)
                                .map(type -> Arguments.of(architecture, provider, type))));
    }

    private static float[] lastLogits(TextModel model, int[] tokens, int piece) {
        try (KvPool pool =
                new KvPool(model.shape().pageForm(CacheType.F32, CacheType.F32), PageForm.pages(tokens.length))) {
            return lastLogits(
                    model, tokens, piece, pool.open(new int[0], tokens.length).orElseThrow());
        }
    }

    private static float[] lastLogits(TextModel model, int[] tokens, int piece, KvCache cache) {
        float[] logits = new float[model.weights().vocabularySize()];
        for (int from = 0; from < tokens.length; from += piece) {
            Batch batch = new Batch();
            int row = 0;
            for (int i = from; i < Math.min(tokens.length, from + piece); i++) {
                row = batch.add(tokens[i], cache);
            }
            int width = model.shape().width();
            float[] states = model.states(batch);
            model.logits(Arrays.copyOfRange(states, row * width, (row + 1) * width), 1, logits);
        }
        return logits;
    }

    @ParameterizedTest
    @MethodSource("everything")
    void calculatesWhatTheReferenceDoes(String architecture, String provider, QuantisationType type)
            throws IOException {
        Path path = new TinyModel(architecture, type, architecture.equals("qwen2"), 256, 3).writeTo(folder);
        try (OpenModel file = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose(provider).provider(), 2)) {
            double[] expected = new ReferenceModel(file).logits(TOKENS)[TOKENS.length - 1];
            TextModel model = TextModel.of(file, compute);
            for (int piece : new int[] {TOKENS.length, 17, 1}) {
                float[] found = lastLogits(model, TOKENS, piece);
                double worst = 0;
                for (int i = 0; i < expected.length; i++) {
                    worst = Math.max(worst, Math.abs(found[i] - expected[i]));
                }
                assertThat(worst).as("read %d tokens at a time", piece).isLessThan(tolerance(provider, type));
            }
        }
    }

    private static double tolerance(String provider, QuantisationType type) {
        return !provider.equals("scalar") && type.blockSize() > 1 ? ROUNDED_TOLERANCE : TOLERANCE;
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector", "auto"})
    void givesTheSameBitsInAnyBatch(String provider) throws IOException {
        Path path = new TinyModel("qwen2", QuantisationType.Q8_0, false, 256, 5).writeTo(folder);
        try (OpenModel file = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose(provider).provider(), 2)) {
            TextModel model = TextModel.of(file, compute);
            assertThat(lastLogits(model, TOKENS, 1))
                    .isEqualTo(lastLogits(model, TOKENS, 29))
                    .isEqualTo(lastLogits(model, TOKENS, TOKENS.length));
        }
    }

    @Test
    void countsItsWeights() throws IOException {
        Path path = TinyModel.llama().writeTo(folder);
        try (OpenModel file = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose("scalar").provider(), 1)) {
            WeightTotals weights = TextModel.of(file, compute).weights();
            long matrices = 64L * 64 * 2 + 64 * 32 * 2 + 3 * 64 * 96;
            assertThat(weights.parameters()).isEqualTo(259 * 64 + 64 + 2 * (matrices + 2 * 64));
            assertThat(weights.bytes()).isEqualTo(weights.parameters() * 4);
            assertThat(weights.vocabularySize()).isEqualTo(259);
        }
    }

    private void assertRefused(TinyModel tiny, UnaryOperator<GgufWriter> addition, String code, String... parts)
            throws IOException {
        Path path = tiny.writeTo(folder, addition);
        try (OpenModel file = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose("scalar").provider(), 1)) {
            assertThatThrownBy(() -> TextModel.of(file, compute))
                    .isInstanceOfSatisfying(
                            EngineException.class, e -> assertThat(e.code()).isEqualTo(code))
                    .hasMessageContainingAll(parts)
                    .hasMessageContaining(path.toString());
        }
    }

    @Test
    void refusesUnknownArchitecturesByName() throws IOException {
        TinyModel tiny = new TinyModel("mamba", QuantisationType.F32, false, 256, 1);
        assertRefused(tiny, writer -> writer, "engine.unsupported-model", "mamba");
    }

    @Test
    void namesTensorsThatAreMissing() throws IOException {
        GgufWriter empty = GgufWriter.create();
        assertRefused(
                TinyModel.llama(),
                writer -> empty.text("general.architecture", "llama")
                        .whole("llama.context_length", 8)
                        .whole("llama.embedding_length", 64)
                        .whole("llama.block_count", 1)
                        .whole("llama.feed_forward_length", 96)
                        .whole("llama.attention.head_count", 4),
                "engine.wrong-tensor",
                "token_embd.weight",
                "missing");
    }

    @Test
    void namesTensorsOfAnotherShapeWithBothShapes() throws IOException {
        assertRefused(
                TinyModel.llama(),
                writer -> writer.tensor("output.weight", QuantisationType.F32, List.of(64L, 7L), new byte[64 * 7 * 4]),
                "engine.wrong-tensor",
                "output.weight",
                "64 × 7",
                "64 × 259");
    }

    @Test
    void refusesTensorsThatItWouldLeaveOut() throws IOException {
        assertRefused(
                TinyModel.llama(),
                writer -> writer.tensor("blk.0.attn_q.bias", QuantisationType.F32, List.of(64L), new byte[256]),
                "engine.wrong-tensor",
                "blk.0.attn_q.bias");
    }

    @Test
    void refusesTypesThatCannotRunByName() throws IOException {
        assertRefused(
                TinyModel.llama(),
                writer -> writer.tensor(
                        "output.weight", QuantisationType.Q8_1, List.of(64L, 259L), new byte[259 * 2 * 36]),
                "engine.unsupported-type",
                "output.weight",
                "Q8_1");
    }

    @Test
    void refusesSizesThatDoNotFit() throws IOException {
        assertRefused(
                new TinyModel("qwen2", QuantisationType.F32, false, 1 << 30, 1),
                writer -> writer,
                "engine.wrong-model",
                "qwen2.context_length");
    }

    @Test
    void refusesRopeScalingThatIsNotKnown() throws IOException {
        Path path = TinyModel.llama().writeTo(folder, writer -> writer.text("llama.rope.scaling.type", "longrope"));
        try (OpenModel file = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose("scalar").provider(), 1)) {
            assertThatThrownBy(() -> TextModel.of(file, compute)).hasMessageContaining("longrope");
        }
    }
}
