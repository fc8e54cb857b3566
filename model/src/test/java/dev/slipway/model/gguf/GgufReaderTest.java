package dev.slipway.model.gguf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ErrorKind;
import dev.slipway.model.Metadata;
import dev.slipway.model.ModelException;
import dev.slipway.model.ModelFile;
import dev.slipway.model.Mutations;
import dev.slipway.model.QuantisationType;
import dev.slipway.model.TensorInfo;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GgufReaderTest {
    @TempDir
    Path folder;

    private static GgufWriter sample(int version) {
        byte[] norm = new byte[12];
        byte[] blocks = new byte[2 * 34];
        blocks[33] = 77;
        return GgufWriter.create(version)
                .text("general.architecture", "llama")
                .text("empty", "")
                .whole("llama.block_count", 3)
                .real("llama.epsilon", 0.5f)
                .truth("flag", true)
                .texts("tokens", List.of("a", "ü", ""))
                .wholes("types", 1, -2, 3)
                .reals("scores", 0.25f, -1)
                .tensor("norm", QuantisationType.F32, List.of(3L), norm)
                .tensor("weights", QuantisationType.Q8_0, List.of(32L, 2L), blocks);
    }

    private ModelFile open(byte[] bytes) throws IOException {
        Path file = folder.resolve("model.gguf");
        Files.write(file, bytes);
        return ModelFile.open(file);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void readsWhatWasWritten(int version) throws IOException {
        try (ModelFile model = open(sample(version).bytes())) {
            assertThat(model.format()).isEqualTo("GGUF " + version);
            Metadata metadata = model.metadata();
            assertThat(metadata.string("general.architecture")).contains("llama");
            assertThat(metadata.string("empty")).contains("");
            assertThat(metadata.integer("llama.block_count")).hasValue(3);
            assertThat(metadata.floating("llama.epsilon")).hasValue(0.5);
            assertThat(metadata.flag("flag")).contains(true);
            assertThat(metadata.strings("tokens").orElseThrow()).containsExactly("a", "ü", "");
            assertThat(metadata.integers("types").orElseThrow()).containsExactly(1, -2, 3);
            assertThat(metadata.floatings("scores").orElseThrow()).containsExactly(0.25f, -1);
            assertThat(metadata.string("absent")).isEmpty();
            assertThat(model.tensors().keySet()).containsExactly("norm", "weights");
            TensorInfo weights = model.tensor("weights").orElseThrow();
            assertThat(weights.type()).isEqualTo(QuantisationType.Q8_0);
            assertThat(weights.shape()).containsExactly(32L, 2L);
            assertThat(weights.columns()).isEqualTo(32);
            assertThat(weights.rows()).isEqualTo(2);
            assertThat(weights.offset() % 32).isZero();
            assertThat(model.data(weights).byteSize()).isEqualTo(68);
            assertThat(model.data(weights).get(ValueLayout.JAVA_BYTE, 33)).isEqualTo((byte) 77);
        }
    }

    @Test
    void namesBothTypesWhenAKeyHoldsAnother() throws IOException {
        try (ModelFile model = open(sample(3).bytes())) {
            assertThatThrownBy(() -> model.metadata().integer("general.architecture"))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining("general.architecture")
                    .hasMessageContaining("whole number")
                    .hasMessageContaining("text");
        }
    }

    @Test
    void survivesEveryDamage() throws IOException {
        byte[] sound = sample(3).bytes();
        Mutations.tryAll(folder, sound, sound.length - 160, 20261120);
    }

    @Test
    void saysWhatIsWrongAndWhatToDo() {
        byte[] sound = sample(3).bytes();
        byte[] cut = java.util.Arrays.copyOf(sound, sound.length - 1);
        assertCorrupt(() -> open(cut), "weights", "left");
        assertCorrupt(() -> open(changed(sound, 8, -1L)), "number of tensors", "at byte 8");
        assertCorrupt(() -> open(changed(sound, 16, 1L << 40)), "number of metadata keys", "at byte 16");
        assertCorrupt(() -> open(changed(sound, 24, Long.MAX_VALUE)), "metadata key 0", "at byte 24");
        assertCorrupt(() -> open(new byte[0]), "empty");
    }

    private static void assertCorrupt(ThrowingCallable action, String... parts) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(ModelException.class, e -> {
                    assertThat(e.code()).isEqualTo("model.corrupt-file");
                    assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT);
                    assertThat(e.hint()).contains("download it again");
                })
                .hasMessageContainingAll(parts);
    }

    private static byte[] changed(byte[] sound, int at, long value) {
        byte[] bytes = sound.clone();
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
        return bytes;
    }

    @Test
    void refusesOtherVersionsAndByteOrdersByName() {
        byte[] sound = sample(3).bytes();
        byte[] version1 = sound.clone();
        version1[4] = 1;
        byte[] bigEndian = sound.clone();
        bigEndian[4] = 0;
        bigEndian[7] = 3;
        assertThatThrownBy(() -> open(version1)).hasMessageContaining("GGUF version 1");
        assertThatThrownBy(() -> open(bigEndian)).hasMessageContaining("big-endian GGUF 3");
    }

    @Test
    void refusesUnknownQuantisationTypesByNumber() {
        byte[] sound = sample(3).bytes();
        int type = indexOf(sound, "weights") + "weights".length() + 4 + 16;
        assertThat(sound[type]).isEqualTo((byte) 8);
        byte[] unknown = sound.clone();
        unknown[type] = 99;
        assertThatThrownBy(() -> open(unknown))
                .hasMessageContainingAll("weights", "99")
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo("model.unsupported-file"));
    }

    @Test
    void refusesOverlapsAndMisalignedOffsets() {
        byte[] sound = sample(3).bytes();
        int offset = indexOf(sound, "weights") + "weights".length() + 4 + 16 + 4;
        assertCorrupt(() -> open(changed(sound, offset, 0)), "norm", "weights", "overlap");
        assertCorrupt(() -> open(changed(sound, offset, 33)), "weights", "multiple of 32");
        assertCorrupt(() -> open(changed(sound, offset, 1L << 62)), "offset of the tensor 'weights'");
    }

    @Test
    void refusesShapesThatOverflow() {
        byte[] sound = sample(3).bytes();
        int extents = indexOf(sound, "weights") + "weights".length() + 4;
        byte[] huge = changed(changed(sound, extents, 1L << 40), extents + 8, 1L << 40);
        assertCorrupt(() -> open(huge), "extent of the tensor 'weights'");
        assertCorrupt(() -> open(changed(sound, extents, 0)), "extent of the tensor 'weights'");
        assertCorrupt(() -> open(changed(sound, extents, 31)), "do not fill blocks of 32");
    }

    @Test
    void refusesListsThatTheFileCannotHold() {
        byte[] sound = sample(3).bytes();
        int count = indexOf(sound, "tokens") + "tokens".length() + 4 + 4;
        assertCorrupt(() -> open(changed(sound, count, 1 << 22)), "tokens", "ends inside");
        assertCorrupt(() -> open(changed(sound, count, 1L << 33)), "tokens", "outside");
    }

    @Test
    void namesAFileThatIsNotThere() {
        assertThatThrownBy(() -> ModelFile.open(folder.resolve("nowhere.gguf")))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.NOT_FOUND))
                .hasMessageContaining("nowhere.gguf");
        assertThatThrownBy(() -> ModelFile.open(folder)).hasMessageContaining("folder");
    }

    @Test
    void refusesAFileOfAnotherKind() {
        assertThatThrownBy(() -> open("this is no model file at all".getBytes(StandardCharsets.UTF_8)))
                .hasMessageContaining("neither a GGUF nor a safetensors file");
    }

    private static int indexOf(byte[] bytes, String text) {
        return new String(bytes, StandardCharsets.ISO_8859_1).lastIndexOf(text);
    }
}
