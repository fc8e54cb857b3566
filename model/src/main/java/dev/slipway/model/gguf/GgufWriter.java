package dev.slipway.model.gguf;

import dev.slipway.model.QuantisationType;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a GGUF file, version 3: metadata and tensors in the order they are added. */
public final class GgufWriter {
    private static final int ALIGNMENT = GgufReader.DEFAULT_ALIGNMENT;

    private final ByteArrayOutputStream metadata = new ByteArrayOutputStream();
    private final List<Tensor> tensors = new ArrayList<>();
    private final int version;
    private int keys;

    /** Writes the bytes of one tensor, exactly as many as its type and shape take. */
    @FunctionalInterface
    public interface Data {
        void writeTo(OutputStream out) throws IOException;
    }

    private record Tensor(String name, QuantisationType type, List<Long> shape, long bytes, Data data) {}

    private GgufWriter(int version) {
        this.version = version;
    }

    /** An empty file of version 3. */
    public static GgufWriter create() {
        return new GgufWriter(3);
    }

    /** An empty file that calls itself the given version; the layouts of 2 and 3 are the same. */
    static GgufWriter create(int version) {
        return new GgufWriter(version);
    }

    public GgufWriter text(String key, String value) {
        key(key, GgufValueType.STRING);
        text(metadata, value);
        return this;
    }

    /** A whole number, stored as 32 unsigned bits. */
    public GgufWriter whole(String key, int value) {
        key(key, GgufValueType.UINT32);
        put(metadata, 4, value);
        return this;
    }

    public GgufWriter real(String key, float value) {
        key(key, GgufValueType.FLOAT32);
        put(metadata, 4, Float.floatToRawIntBits(value));
        return this;
    }

    public GgufWriter truth(String key, boolean value) {
        key(key, GgufValueType.BOOL);
        put(metadata, 1, value ? 1 : 0);
        return this;
    }

    public GgufWriter texts(String key, List<String> values) {
        list(key, GgufValueType.STRING, values.size());
        values.forEach(value -> text(metadata, value));
        return this;
    }

    /** Whole numbers, stored as 32 signed bits each. */
    public GgufWriter wholes(String key, int... values) {
        list(key, GgufValueType.INT32, values.length);
        for (int value : values) {
            put(metadata, 4, value);
        }
        return this;
    }

    /** Bytes, stored as unsigned ones. */
    public GgufWriter bytes(String key, byte[] values) {
        list(key, GgufValueType.UINT8, values.length);
        metadata.writeBytes(values);
        return this;
    }

    public GgufWriter reals(String key, float... values) {
        list(key, GgufValueType.FLOAT32, values.length);
        for (float value : values) {
            put(metadata, 4, Float.floatToRawIntBits(value));
        }
        return this;
    }

    /**
     * Adds a tensor.
     *
     * @param shape extents, innermost first
     * @param data its bytes as stored; not copied
     */
    public GgufWriter tensor(String name, QuantisationType type, List<Long> shape, byte[] data) {
        long expected = type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
        if (expected != data.length) {
            throw new IllegalArgumentException(
                    name + ": " + type + " " + shape + " takes " + expected + " bytes, not " + data.length);
        }
        return tensor(name, type, shape, out -> out.write(data));
    }

    /**
     * Adds a tensor whose bytes are made when the file is written, for models larger than memory.
     *
     * @param shape extents, innermost first
     * @param data asked whenever the file is written
     */
    public GgufWriter tensor(String name, QuantisationType type, List<Long> shape, Data data) {
        if (type.ggufId() < 0) {
            throw new IllegalArgumentException(name + ": a GGUF file cannot hold " + type);
        }
        long bytes = type.bytes(shape.stream().reduce(1L, Math::multiplyExact));
        tensors.add(new Tensor(name, type, List.copyOf(shape), bytes, data));
        return this;
    }

    /** The whole file. */
    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** Writes the whole file, tensor by tensor. */
    public void writeTo(Path file) throws IOException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20)) {
            write(out);
        }
    }

    private byte[] head() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        put(out, 4, GgufReader.MAGIC);
        put(out, 4, version);
        put(out, 8, tensors.size());
        put(out, 8, keys);
        out.writeBytes(metadata.toByteArray());
        long offset = 0;
        for (Tensor tensor : tensors) {
            text(out, tensor.name);
            put(out, 4, tensor.shape.size());
            tensor.shape.forEach(extent -> put(out, 8, extent));
            put(out, 4, tensor.type.ggufId());
            put(out, 8, offset);
            offset = aligned(offset + tensor.bytes);
        }
        return out.toByteArray();
    }

    private void write(OutputStream out) throws IOException {
        byte[] head = head();
        out.write(head);
        long position = head.length;
        for (Tensor tensor : tensors) {
            out.write(new byte[(int) (aligned(position) - position)]);
            tensor.data.writeTo(out);
            position = aligned(position) + tensor.bytes;
        }
    }

    private static long aligned(long position) {
        return Math.ceilDiv(position, ALIGNMENT) * (long) ALIGNMENT;
    }

    private void key(String key, GgufValueType type) {
        keys++;
        text(metadata, key);
        put(metadata, 4, type.ordinal());
    }

    private void list(String key, GgufValueType type, int count) {
        key(key, GgufValueType.ARRAY);
        put(metadata, 4, type.ordinal());
        put(metadata, 8, count);
    }

    private static void text(ByteArrayOutputStream out, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        put(out, 8, utf8.length);
        out.writeBytes(utf8);
    }

    private static void put(ByteArrayOutputStream out, int bytes, long value) {
        byte[] all = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        out.write(all, 0, bytes);
    }
}
