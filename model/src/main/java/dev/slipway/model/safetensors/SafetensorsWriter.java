package dev.slipway.model.safetensors;

import dev.slipway.model.QuantisationType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Writes a safetensors file: tensors in the order they are added. */
public final class SafetensorsWriter {
    private static final int ALIGNMENT = 8;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Map<String, Object> header = new LinkedHashMap<>();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    private SafetensorsWriter() {}

    /** An empty file. */
    public static SafetensorsWriter create() {
        return new SafetensorsWriter();
    }

    /**
     * Adds a tensor.
     *
     * @param type one that safetensors files can hold
     * @param shape extents, innermost first, unlike the file's own order
     * @param bytes its data
     */
    public SafetensorsWriter tensor(String name, QuantisationType type, List<Long> shape, byte[] bytes) {
        long expected = type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
        if (expected != bytes.length || type.blockSize() != 1) {
            throw new IllegalArgumentException(
                    name + ": " + type + " " + shape + " takes " + expected + " bytes, not " + bytes.length);
        }
        int begin = data.size();
        data.writeBytes(bytes);
        header.put(
                name,
                Map.of("dtype", type.name(), "shape", shape.reversed(), "data_offsets", List.of(begin, data.size())));
        return this;
    }

    /** The whole file. */
    public byte[] bytes() {
        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(json.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer out =
                ByteBuffer.allocate(Math.addExact(8 + padded, data.size())).order(ByteOrder.LITTLE_ENDIAN);
        out.putLong(padded).put(json);
        while (out.position() < 8 + padded) {
            out.put((byte) ' ');
        }
        return out.put(data.toByteArray()).array();
    }

    /** Writes the whole file. */
    public void writeTo(Path file) throws IOException {
        Files.write(file, bytes());
    }
}
