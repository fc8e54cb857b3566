package dev.slipway.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.slipway.engine.HuggingFaceTwin;
import dev.slipway.engine.TinyModel;
import dev.slipway.engine.kernel.Compute;
import dev.slipway.engine.kernel.KernelProviders;
import dev.slipway.engine.kernel.Matrix;
import dev.slipway.engine.kernel.StoredFloats;
import dev.slipway.model.OpenModel;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;
import dev.slipway.model.gguf.GgufWriter;
import dev.slipway.model.quantise.Quantiser;
import dev.slipway.model.quantise.WeightForm;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder of floats that is quantised at load gives what a file that was quantised beforehand gives. */
class QuantisedAtLoadTest {
    private static final int[] TOKENS =
            "How vexingly quick daft zebras jump!".chars().toArray();

    @TempDir
    Path folder;

    static Stream<QuantisationType> targets() {
        return Quantiser.TARGETS.stream();
    }

    private static float[] logits(Path path, WeightForm form, String provider) {
        try (OpenModel model = OpenModel.open(path);
                Compute compute = new Compute(KernelProviders.choose(provider).provider(), 2)) {
            return Logits.last(TextModel.of(model, compute, form), TOKENS);
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void quantisingAtLoadIsQuantisingBeforehand(QuantisationType type) throws IOException {
        // Of two types of the same size the stored one is kept.
        QuantisationType stored = type == QuantisationType.F16 ? QuantisationType.F32 : QuantisationType.BF16;
        Path floats = new TinyModel("qwen2", stored, true, 128, 4).writeTo(folder);
        Path twin = HuggingFaceTwin.write(floats, folder.resolve("twin"), "qwen2", 2, Map.of());
        Path quantised = quantised(floats, type);
        for (String provider : List.of("scalar", "vector", "auto")) {
            float[] expected = logits(quantised, WeightForm.STORED, provider);
            float[] found = logits(twin, new WeightForm.Quantised(type), provider);
            assertThat(found).as(provider).isEqualTo(expected);
            assertThat(found).isNotEqualTo(logits(twin, WeightForm.STORED, provider));
        }
    }

    /** All matrices but the embedding, which is looked up as it is stored. */
    private Path quantised(Path floats, QuantisationType type) throws IOException {
        GgufWriter writer = GgufWriter.create();
        try (OpenModel model = OpenModel.open(floats)) {
            writer.text("general.architecture", "qwen2");
            for (String key : model.metadata().keys()) {
                if (key.startsWith("qwen2.") && !key.contains("epsilon") && !key.contains("freq_base")) {
                    writer.whole(key, (int) model.metadata().integer(key).orElseThrow());
                } else if (key.startsWith("qwen2.")) {
                    writer.real(key, (float) model.metadata().floating(key).orElseThrow());
                }
            }
            for (TensorInfo tensor : model.tensors().values()) {
                boolean matrix = tensor.shape().size() == 2 && !tensor.name().equals("token_embd.weight");
                QuantisationType to = matrix ? type : tensor.type();
                writer.tensor(tensor.name(), to, tensor.shape(), bytes(model, tensor, to));
            }
        }
        Path file = folder.resolve("quantised.gguf");
        writer.writeTo(file);
        return file;
    }

    private static byte[] bytes(OpenModel model, TensorInfo tensor, QuantisationType to) {
        MemorySegment stored = model.data(tensor);
        if (to == tensor.type()) {
            return stored.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        }
        byte[] bytes = new byte[(int) to.bytes(tensor.elements())];
        long fromRow = tensor.type().bytes(tensor.columns());
        long toRow = to.bytes(tensor.columns());
        for (int row = 0; row < tensor.rows(); row++) {
            Quantiser.row(
                    tensor.type(),
                    stored.asSlice(row * fromRow, fromRow),
                    to,
                    MemorySegment.ofArray(bytes).asSlice(row * toRow, toRow));
        }
        return bytes;
    }

    @ParameterizedTest
    @MethodSource("targets")
    void everyWeightIsRoundedToTheNearestStep(QuantisationType type) {
        float[] values = new float[96];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (Math.sin(i * 0.7) * (i < 32 ? 3 : i < 64 ? 0.01 : 0));
        }
        byte[] bytes = new byte[(int) type.bytes(values.length)];
        Quantiser.row(
                QuantisationType.F32,
                MemorySegment.ofArray(dev.slipway.engine.kernel.RandomWeights.stored(QuantisationType.F32, values)),
                type,
                MemorySegment.ofArray(bytes));
        float[] found = new float[values.length];
        StoredFloats.row(new Matrix("row", type, 1, values.length, MemorySegment.ofArray(bytes)), 0, found, 0);
        double steps = switch (type) {
            case F16 -> 1024;
            case Q8_0 -> 127;
            case Q5_0, Q5_1 -> 15.5;
            default -> 7.5;
        };
        for (int i = 0; i < values.length; i++) {
            double most = i < 32 ? 3 : i < 64 ? 0.01 : 0;
            // A half step, and as much as the 16 bits of scale and minimum leave open; the end that has no code loses
            // one.
            double allowed =
                    most / steps * (type == QuantisationType.Q4_0 || type == QuantisationType.Q5_0 ? 1.01 : 0.55);
            assertThat((double) found[i]).as("element %d", i).isCloseTo(values[i], within(allowed + 1e-9));
        }
    }

    @Test
    void whatCannotBeQuantisedStaysAsItIs() {
        WeightForm form = new WeightForm.Quantised(QuantisationType.Q4_0);
        assertThat(form.of(tensor(QuantisationType.BF16, 64))).isEqualTo(QuantisationType.Q4_0);
        assertThat(form.of(tensor(QuantisationType.BF16, 48))).isEqualTo(QuantisationType.BF16);
        assertThat(form.of(tensor(QuantisationType.Q8_0, 64))).isEqualTo(QuantisationType.Q8_0);
        assertThat(new WeightForm.Quantised(QuantisationType.F16).of(tensor(QuantisationType.BF16, 64)))
                .isEqualTo(QuantisationType.BF16);
    }

    private static TensorInfo tensor(QuantisationType type, long columns) {
        return new TensorInfo("x", type, List.of(columns, 2L), 0, 0);
    }
}
