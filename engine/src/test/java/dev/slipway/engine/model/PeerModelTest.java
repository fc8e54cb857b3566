package dev.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.QuantisationType;
import dev.slipway.oracle.Difference;
import dev.slipway.oracle.libllama.Libllama;
import dev.slipway.oracle.libllama.PeerOptions;
import dev.slipway.oracle.random.Geometry;
import dev.slipway.oracle.random.RandomModel;
import dev.slipway.oracle.random.TypeMix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Greedy answers and logits beside libllama's, on the fastest provider of this host. The tolerance is libllama's own
 * rounding of activations, measured against double precision in {@code ReferenceModelTest}: 5e-7 of the logits' size with F32
 * weights, 8e-4 with F16, 6e-3 with BF16, and 7e-3 to 3.3e-2 with quantised ones; here it is three times that.
 */
class PeerModelTest {
    private static final int PROMPT = 8;
    private static final int NEW_TOKENS = 24;

    private static Libllama peer;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        assumeTrue(Libllama.folder().isPresent(), Libllama.MISSING);
        peer = Libllama.start(Libllama.folder().orElseThrow());
    }

    @AfterAll
    static void end() {
        if (peer != null) {
            peer.close();
        }
    }

    static Stream<Arguments> everything() {
        return Stream.of("llama", "qwen2", "qwen3")
                .flatMap(architecture -> StoredFloats.SUPPORTED.stream().map(type -> Arguments.of(architecture, type)));
    }

    private static double tolerance(QuantisationType type) {
        return switch (type) {
            case F32 -> 1e-4;
            case F16 -> 3e-3;
            case BF16 -> 2e-2;
            default -> 0.1;
        };
    }

    @ParameterizedTest
    @MethodSource("everything")
    void answersAsLibllamaDoes(String architecture, QuantisationType type) throws IOException {
        Path model = new RandomModel(Geometry.tiny(architecture), new TypeMix.Uniform(type), 5)
                .writeTo(folder.resolve("model.gguf"), writer -> writer);
        int[] prompt = new int[PROMPT];
        Arrays.setAll(prompt, i -> (i * 61 + 17) % 509);
        compare(model, prompt, tolerance(type));
    }

    @ParameterizedTest
    @ValueSource(strings = {"What is Slipway?", "Once upon a time", "The weather in Berlin is"})
    void answersAsLibllamaDoesOnTheDemoModel(String prompt) {
        Path demo = Path.of("../demo-model/slipway-demo.gguf");
        peer.load(demo, PeerOptions.exact(512));
        compare(demo, peer.tokenize(prompt, true, true), tolerance(QuantisationType.Q8_0));
    }

    private void compare(Path model, int[] prompt, double most) {
        int[] text = Arrays.copyOf(prompt, prompt.length + NEW_TOKENS);
        float[][] ours = new float[text.length][];
        try (ModelRun run = new ModelRun(model, "auto");
                KvCache cache = run.open(prompt)) {
            System.arraycopy(run.append(cache, prompt), 0, ours, 0, prompt.length);
            for (int at = prompt.length; at < text.length; at++) {
                text[at] = Difference.best(ours[at - 1]);
                ours[at] = run.append(cache, text[at])[0];
            }
        }
        peer.load(model, PeerOptions.exact(512));
        float[][] theirs = peer.logits(text, 0, prompt.length);
        assertThat(Difference.of(ours, doubles(theirs)).relative()).isLessThan(most);
        for (int at = prompt.length; at < text.length; at++) {
            float[] row = theirs[at - 1];
            int wanted = Difference.best(row);
            // Another token is as good only where libllama itself holds both alike, within its rounding.
            assertThat(row[wanted] - row[text[at]])
                    .as("token %d: ours is %d, libllama's %d", at, text[at], wanted)
                    .isLessThanOrEqualTo((float) (2 * most * size(row)));
        }
    }

    private static double size(float[] row) {
        double squares = 0;
        for (float value : row) {
            squares += value * value;
        }
        return Math.sqrt(squares / row.length);
    }

    private static double[][] doubles(float[][] rows) {
        double[][] doubles = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            double[] row = new double[rows[i].length];
            for (int j = 0; j < row.length; j++) {
                row[j] = rows[i][j];
            }
            doubles[i] = row;
        }
        return doubles;
    }
}
