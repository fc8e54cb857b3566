package dev.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.engine.cache.KvCache;
import dev.slipway.engine.cache.KvPool;
import dev.slipway.engine.kernel.CacheType;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.RandomWeights;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;
import dev.slipway.model.gguf.GgufWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The demo model's weights, stored in each type: every provider's logits are the scalar one's within a tolerance. */
class DemoWeightsTest {
    /** Of logits that spread over some twenty units. */
    private static final double TOLERANCE = 1e-3;

    /** The same where activations are rounded to 15 bits. */
    private static final double ROUNDED_TOLERANCE = 2e-2;

    @TempDir
    Path folder;

    @ParameterizedTest
    @EnumSource(names = {"F32", "F16", "BF16", "Q8_0", "Q4_0"})
    void givesTheLogitsOfTheScalarProvider(QuantisationType type) throws IOException {
        Path demo = Path.of(System.getProperty("slipway.demo-model", "../demo-model/slipway-demo.gguf"));
        assumeTrue(Files.exists(demo), "the demo model is there");
        Path converted = convert(demo, type);
        float[] expected = logits(converted, "scalar");
        for (String provider : KernelProviders.names()) {
            float[] found = logits(converted, provider);
            double worst = 0;
            for (int i = 0; i < expected.length; i++) {
                worst = Math.max(worst, Math.abs(found[i] - expected[i]));
            }
            System.out.println(type + ", " + provider + ": logits differ by at most " + worst);
            boolean rounded = !provider.equals("scalar") && type.blockSize() > 1;
            assertThat(worst).as(provider).isLessThan(rounded ? ROUNDED_TOLERANCE : TOLERANCE);
        }
    }

    private static float[] logits(Path path, String provider) {
        try (OpenModel file = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose(provider).provider(), 2)) {
            TextModel model = TextModel.of(file, compute);
            return logits(model);
        }
    }

    private static float[] logits(TextModel model) {
        try (KvPool pool = new KvPool(model.shape().pageForm(CacheType.F32, CacheType.F32), 2);
                KvCache cache = pool.open(new int[0], 100).orElseThrow()) {
            Batch batch = new Batch();
            for (int i = 0; i < 70; i++) {
                batch.add((i * 37) % 250, cache);
            }
            float[] logits = new float[70 * model.weights().vocabularySize()];
            model.logits(model.states(batch), 70, logits);
            return logits;
        }
    }

    private Path convert(Path demo, QuantisationType type) throws IOException {
        try (OpenModel file = OpenModel.open(demo)) {
            GgufWriter writer = GgufWriter.create().text("general.architecture", "llama");
            for (String key : List.of(
                    "llama.context_length",
                    "llama.embedding_length",
                    "llama.block_count",
                    "llama.feed_forward_length",
                    "llama.attention.head_count",
                    "llama.attention.head_count_kv")) {
                writer.whole(key, (int) file.metadata().integer(key).orElseThrow());
            }
            for (TensorInfo tensor : file.tensors().values()) {
                QuantisationType to = tensor.shape().size() == 1 ? QuantisationType.F32 : type;
                writer.tensor(tensor.name(), to, tensor.shape(), RandomWeights.stored(to, floats(file, tensor)));
            }
            Path converted = folder.resolve("converted.gguf");
            writer.writeTo(converted);
            return converted;
        }
    }

    private static float[] floats(OpenModel file, TensorInfo tensor) {
        Matrix matrix = Matrix.of(file, tensor);
        float[] values = new float[matrix.rows() * matrix.columns()];
        for (int r = 0; r < matrix.rows(); r++) {
            StoredFloats.row(matrix, r, values, r * matrix.columns());
        }
        return values;
    }
}
