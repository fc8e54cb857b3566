package dev.slipway.model;

import dev.slipway.model.gguf.GgufModel;
import dev.slipway.model.huggingface.HuggingFaceFolder;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An open model, wherever it came from: a GGUF file, or a Hugging Face folder with {@code config.json}, safetensors files
 * and the tokenizer's documents.
 *
 * <p>Metadata keys and tensor names are those of GGUF in both cases ({@code llama.block_count},
 * {@code blk.0.attn_q.weight}); what a thing is called in the user's own file, {@link #storedName} and
 * {@link Metadata#storedKey} tell. Nothing is copied: tensors are parts of mapped files, which end with this.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF, standardized names</a>
 */
public final class OpenModel implements AutoCloseable {
    /** The name of the chat template that is used when nothing else is asked for. */
    public static final String DEFAULT_TEMPLATE = "default";

    private static final String SAFETENSORS = ".safetensors";

    /** How a model lies on disk. */
    public enum Layout {
        /** One GGUF file. */
        GGUF,
        /** A folder as {@code save_pretrained} writes it. */
        HUGGING_FACE
    }

    private final Path path;
    private final Layout layout;
    private final ModelContents contents;
    private final Map<String, TensorInfo> tensors = new LinkedHashMap<>();

    private OpenModel(Path path, Layout layout, ModelContents contents) {
        this.path = path;
        this.layout = layout;
        this.contents = contents;
        contents.tensors().forEach((name, stored) -> tensors.put(name, renamed(name, stored.info())));
    }

    private static TensorInfo renamed(String name, TensorInfo stored) {
        return new TensorInfo(name, stored.type(), stored.shape(), stored.offset(), stored.bytes());
    }

    /**
     * Opens and checks a model.
     *
     * @param path a GGUF file; a folder with {@code config.json} or with one GGUF file; or a safetensors file in such a
     *     folder
     * @throws ModelException {@code model.not-found}, {@code model.unreadable}, {@code model.corrupt-file},
     *     {@code model.unsupported-file} or {@code model.wrong-config}
     */
    public static OpenModel open(Path path) {
        if (Files.isDirectory(path)) {
            return HuggingFaceFolder.isOne(path) ? folder(path) : gguf(HuggingFaceFolder.onlyGguf(path));
        }
        Path folder = path.toAbsolutePath().getParent();
        boolean part = String.valueOf(path.getFileName()).endsWith(SAFETENSORS)
                && folder != null
                && Files.exists(path)
                && HuggingFaceFolder.isOne(folder);
        return part ? new OpenModel(path, Layout.HUGGING_FACE, HuggingFaceFolder.read(path)) : gguf(path);
    }

    private static OpenModel folder(Path folder) {
        return new OpenModel(folder, Layout.HUGGING_FACE, HuggingFaceFolder.read(folder));
    }

    private static OpenModel gguf(Path file) {
        return new OpenModel(file, Layout.GGUF, GgufModel.read(file));
    }

    /** The file or folder that was opened. */
    public Path path() {
        return path;
    }

    public Layout layout() {
        return layout;
    }

    /** For people, such as {@code GGUF 3} or {@code safetensors, 2 files}. */
    public String format() {
        return contents.format();
    }

    /** What the model calls itself, or else what its file or folder is called. */
    public String name() {
        return metadata().string("general.name").orElse(String.valueOf(path.getFileName()));
    }

    /** The architecture by its GGUF name, such as {@code llama}; empty when the model names none. */
    public String architecture() {
        return metadata().string("general.architecture").orElse("");
    }

    public Metadata metadata() {
        return contents.metadata();
    }

    /** All tensors by name. */
    public Map<String, TensorInfo> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    public Optional<TensorInfo> tensor(String name) {
        return Optional.ofNullable(tensors.get(name));
    }

    /** What a tensor is called in its own file, or would be if it were there; for error messages. */
    public String storedName(String name) {
        StoredTensor stored = contents.tensors().get(name);
        if (stored != null) {
            return stored.info().name();
        }
        return layout == Layout.GGUF ? name : HuggingFaceFolder.storedName(architecture(), name);
    }

    /** The stored bytes of a tensor of this model: read only, alive until this is closed. */
    public MemorySegment data(TensorInfo tensor) {
        StoredTensor stored = contents.tensors().get(tensor.name());
        if (stored == null) {
            throw new IllegalArgumentException("no tensor " + tensor.name() + " in " + path);
        }
        return stored.file().data(stored.info());
    }

    /** How queries and keys were stored. */
    public RopePairing ropePairing() {
        return contents.pairing();
    }

    /** The source of the model's chat template, if it has one. */
    public Optional<String> chatTemplate() {
        return Optional.ofNullable(contents.chatTemplates().get(DEFAULT_TEMPLATE));
    }

    /** The sources of all its chat templates by name, such as {@code default} and {@code tool_use}. */
    public Map<String, String> chatTemplates() {
        return contents.chatTemplates();
    }

    /**
     * A document of a Hugging Face folder, such as {@code tokenizer.json}: its bytes, or empty when the folder has none. A
     * GGUF model has no documents.
     *
     * @throws ModelException when it cannot be read, or is longer than any sound one
     */
    public Optional<byte[]> document(String name) {
        return layout == Layout.GGUF ? Optional.empty() : HuggingFaceFolder.document(path, name);
    }

    @Override
    public void close() {
        contents.files().forEach(ModelFile::close);
    }
}
