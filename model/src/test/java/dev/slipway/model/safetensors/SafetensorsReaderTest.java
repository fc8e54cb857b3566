package dev.slipway.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafetensorsReaderTest {
    private static final String HEADER = """
            {"__metadata__":{"format":"pt"},\
            "b":{"dtype":"F32","shape":[2,3],"data_offsets":[4,28]},\
            "a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""";

    @TempDir
    Path folder;

    private static byte[] file(String header, int dataBytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        ByteBuffer out = ByteBuffer.allocate(8 + json.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(json.length).put(json);
        for (byte i = 0; i < dataBytes; i++) {
            out.put(i);
        }
        return out.array();
    }

    private ModelFile open(byte[] bytes) throws IOException {
        Path file = folder.resolve("model.safetensors");
        Files.write(file, bytes);
        return ModelFile.open(file);
    }

    @Test
    void readsTensorsAndMetadata() throws IOException {
        try (ModelFile model = open(file(HEADER, 28))) {
            assertThat(model.format()).isEqualTo("safetensors");
            assertThat(model.metadata().string("format")).contains("pt");
            TensorInfo b = model.tensor("b").orElseThrow();
            assertThat(b.type()).isEqualTo(QuantisationType.F32);
            assertThat(b.shape()).containsExactly(3L, 2L);
            assertThat(b.rows()).isEqualTo(2);
            assertThat(model.data(b).byteSize()).isEqualTo(24);
            assertThat(model.data(b).get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 4);
        }
    }

    @Test
    void survivesEveryDamage() throws IOException {
        Mutations.tryAll(folder, file(HEADER, 28), 8 + HEADER.length(), 20261121);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387905,4],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}",
                "{\"a\":{\"dtype\":\"I8\",\"shape\":[8],\"data_offsets\":[0,8]},"
                        + "\"b\":{\"dtype\":\"I8\",\"shape\":[4],\"data_offsets\":[4,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
                        + "\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}",
                "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} x",
                "{\"a\":[]}",
                "{\"__metadata__\":{\"k\":1}}"
            })
    void refusesHeadersThatDoNotAddUp(String header) {
        assertThatThrownBy(() -> open(file(header, 8)))
                .isInstanceOfSatisfying(
                        ModelException.class, e -> assertThat(e.code()).isEqualTo("model.corrupt-file"));
    }

    @Test
    void refusesUnknownTypesByName() {
        assertThatThrownBy(() -> open(file("{\"a\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[0,8]}}", 8)))
                .hasMessageContainingAll("'a'", "C64");
    }

    @Test
    void refusesALengthBeyondTheFile() {
        byte[] bytes = file(HEADER, 28);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(0, -1);
        assertThatThrownBy(() -> open(bytes)).hasMessageContaining("18446744073709551615");
    }
}
