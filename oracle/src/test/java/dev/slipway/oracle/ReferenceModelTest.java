package dev.slipway.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.model.ModelFile;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.gguf.GgufWriter;
import dev.slipway.oracle.forward.ReferenceModel;
import dev.slipway.oracle.libllama.Libllama;
import dev.slipway.oracle.libllama.PeerOptions;
import dev.slipway.oracle.random.Geometry;
import dev.slipway.oracle.random.RandomModel;
import dev.slipway.oracle.random.RopeScaling;
import dev.slipway.oracle.random.TypeMix;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The two judges agree: the forward pass in double precision and libllama. What libllama does with activations is the whole
 * difference: none with F32 weights; it rounds them to f16 with F16, to bf16 with BF16, and to 8 bits with quantised weights, by
 * blocks of 32, or of 256 where the weights have such blocks.
 */
class ReferenceModelTest {
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
                .flatMap(architecture -> RandomModel.TYPES.stream().map(type -> Arguments.of(architecture, type)));
    }

    static Stream<Arguments> scalings() {
        return Stream.of("llama", "qwen2", "qwen3")
                .flatMap(architecture -> Arrays.stream(RopeScaling.values())
                        .filter(scaling -> scaling.fits(architecture))
                        .map(scaling -> Arguments.of(architecture, scaling)));
    }

    /** Three times what was measured, at most 0.033 for quantised weights. */
    private static double tolerance(QuantisationType type) {
        return switch (type) {
            case F32 -> 2e-6;
            case F16 -> 2e-3;
            case BF16 -> 2e-2;
            default -> 0.1;
        };
    }

    @ParameterizedTest
    @MethodSource("everything")
    void agreesWithLibllamaOnEveryArchitectureAndType(String architecture, QuantisationType type) throws IOException {
        RandomModel model = new RandomModel(Geometry.tiny(architecture), new TypeMix.Uniform(type), 1);
        assertThat(difference(model, writer -> writer, 24).relative()).isLessThan(tolerance(type));
    }

    @ParameterizedTest
    @MethodSource("scalings")
    void agreesWithLibllamaFarBeyondTheContextOfTraining(String architecture, RopeScaling scaling) throws IOException {
        Geometry geometry = Geometry.tiny(architecture);
        RandomModel model = new RandomModel(geometry, new TypeMix.Uniform(QuantisationType.F32), 2);
        assertThat(difference(model, writer -> scaling.addTo(writer, geometry), 300)
                        .relative())
                .isLessThan(1e-5);
    }

    private Difference difference(RandomModel model, UnaryOperator<GgufWriter> addition, int count) throws IOException {
        Path path = model.writeTo(folder.resolve("model.gguf"), addition);
        int[] tokens = new int[count];
        Arrays.setAll(tokens, i -> (i * i * 7 + i * 37 + 11) % model.geometry().vocabulary());
        peer.load(path, PeerOptions.exact(model.geometry().context()));
        float[][] found = peer.logits(tokens, 0, tokens.length);
        try (ModelFile file = ModelFile.open(path)) {
            return Difference.of(found, new ReferenceModel(file).logits(tokens));
        }
    }
}
