package dev.slipway.engine.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.QuantisationType;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What stored weights mean, against the Python package gguf 0.19.0: checksums of the floats that it finds. */
class StoredFloatsTest {

    /** The same bytes as the program that made the checksums had. */
    private static byte[] blocks(QuantisationType type, int count) {
        int size = type.blockBytes();
        byte[] bytes = new byte[size * count];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * i * 7 + i * 29 + (i >> 3) * 13 + size);
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int block = 0; block < count; block++) {
            for (int factor : factors(type)) {
                buffer.putShort(block * size + factor, (short) (0x2400 + 37 * block + factor));
            }
            if (type == QuantisationType.MXFP4) {
                bytes[block * size] = (byte) (120 + block);
            }
        }
        return bytes;
    }

    private static int[] factors(QuantisationType type) {
        return switch (type) {
            case Q4_0, Q8_0, Q5_0, IQ4_NL, IQ4_XS -> new int[] {0};
            case Q4_1, Q5_1, Q4_K, Q5_K -> new int[] {0, 2};
            case Q2_K -> new int[] {80, 82};
            case Q3_K -> new int[] {108};
            case Q6_K -> new int[] {208};
            default -> new int[0];
        };
    }

    @ParameterizedTest
    @CsvSource({
        "Q4_0, 4, ef2d3d70", "Q4_1, 4, 393cefda", "Q5_0, 4, 5c82a78f", "Q5_1, 4, 90fe79f5", "Q8_0, 4, f2a57e0b",
        "Q2_K, 3, 2668d1f3", "Q3_K, 3, 53431b64", "Q4_K, 3, a3b85dcc", "Q5_K, 3, 6880f58f", "Q6_K, 3, db2dd72d",
        "IQ4_NL, 4, 9a259c20", "IQ4_XS, 3, f17884d9", "MXFP4, 4, 2cedcd26", "BF16, 64, bf130518"
    })
    void readsWhatTheReferenceReads(QuantisationType type, int count, String checksum) {
        int columns = count * type.blockSize();
        Matrix matrix = new Matrix("golden", type, 1, columns, MemorySegment.ofArray(blocks(type, count)));
        float[] floats = new float[columns];
        StoredFloats.row(matrix, 0, floats, 0);
        ByteBuffer bytes = ByteBuffer.allocate(4 * columns).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : floats) {
            bytes.putFloat(value + 0f); // One zero, not two.
        }
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(bytes.array());
        assertThat(crc.getValue()).as("%s", Arrays.toString(floats)).isEqualTo(Long.parseLong(checksum, 16));
    }

    @Test
    void everyBlockTypeIsChecked() throws NoSuchMethodException {
        String[] lines = StoredFloatsTest.class
                .getDeclaredMethod("readsWhatTheReferenceReads", QuantisationType.class, int.class, String.class)
                .getAnnotation(CsvSource.class)
                .value();
        Set<QuantisationType> checked = Arrays.stream(lines)
                .map(line -> QuantisationType.valueOf(line.substring(0, line.indexOf(','))))
                .collect(Collectors.toSet());
        assertThat(checked)
                .containsAll(
                        StoredFloats.SUPPORTED.stream().filter(BlockForms::has).toList());
    }
}
