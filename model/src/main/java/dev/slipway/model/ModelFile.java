package dev.slipway.model;

import dev.slipway.base.ErrorKind;
import dev.slipway.model.gguf.GgufReader;
import dev.slipway.model.safetensors.SafetensorsReader;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/**
 * An open model file, GGUF or safetensors, mapped into memory and not copied: its pages are read when they are first
 * touched and can be dropped again by the system.
 *
 * <p>Everything in the header is checked before it is used, so that a damaged or hostile file gives a
 * {@link ModelException} and nothing worse. The segments that {@link #data} returns end with this file: whoever closes it
 * must know that nobody reads any more.
 */
public final class ModelFile implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final MemorySegment bytes;
    private final ModelHeader header;

    private ModelFile(Path path, Arena arena, MemorySegment bytes, ModelHeader header) {
        this.path = path;
        this.arena = arena;
        this.bytes = bytes;
        this.header = header;
    }

    /**
     * Opens and checks a file; which format it is, its first bytes tell.
     *
     * @throws ModelException {@code model.not-found}, {@code model.unreadable}, {@code model.corrupt-file} or
     *     {@code model.unsupported-file}
     */
    public static ModelFile open(Path path) {
        if (Files.isDirectory(path)) {
            throw ModelException.unsupported(
                    path, "it is a folder", "Name the .gguf or .safetensors file inside the folder.");
        }
        Arena arena = Arena.ofShared();
        try {
            MemorySegment bytes = map(path, arena);
            ModelHeader header = isGguf(bytes) ? GgufReader.read(path, bytes) : SafetensorsReader.read(path, bytes);
            return new ModelFile(path, arena, bytes, header);
        } catch (RuntimeException | Error e) {
            arena.close();
            throw e;
        }
    }

    private static MemorySegment map(Path path, Arena arena) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size == 0) {
                throw ModelException.corrupt(path, "it is empty");
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, size, arena);
        } catch (NoSuchFileException e) {
            throw new ModelException(
                    "model.not-found",
                    ErrorKind.NOT_FOUND,
                    "There is no model file " + path + ".",
                    "Check the path; paths are taken relative to the models folder.",
                    e);
        } catch (IOException e) {
            throw new ModelException(
                    "model.unreadable",
                    ErrorKind.DENIED,
                    "The model file " + path + " cannot be read: " + e.getMessage() + ".",
                    "Check that it is a regular file that this user may read.",
                    e);
        }
    }

    private static boolean isGguf(MemorySegment bytes) {
        return bytes.byteSize() >= 4 && bytes.get(ValueLayout.JAVA_INT_UNALIGNED, 0) == GgufReader.MAGIC;
    }

    public Path path() {
        return path;
    }

    /** Such as {@code GGUF 3} or {@code safetensors}. */
    public String format() {
        return header.format();
    }

    public Metadata metadata() {
        return header.metadata();
    }

    /** All tensors by name, in file order. */
    public Map<String, TensorInfo> tensors() {
        return header.tensors();
    }

    public Optional<TensorInfo> tensor(String name) {
        return Optional.ofNullable(header.tensors().get(name));
    }

    /** The stored bytes of a tensor of this file: read only, alive until this file is closed. */
    public MemorySegment data(TensorInfo tensor) {
        return bytes.asSlice(tensor.offset(), tensor.bytes());
    }

    @Override
    public void close() {
        arena.close();
    }
}
