package dev.slipway.model.huggingface;

import dev.slipway.model.Metadata;
import dev.slipway.model.ModelContents;
import dev.slipway.model.ModelException;
import dev.slipway.model.ModelFile;
import dev.slipway.model.RopePairing;
import dev.slipway.model.StoredTensor;
import dev.slipway.model.TensorInfo;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A folder as {@code save_pretrained} of Hugging Face's libraries writes it.
 *
 * @see <a href="https://huggingface.co/docs/transformers/models">Loading models</a>
 */
public final class HuggingFaceFolder {
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = ".safetensors";
    private static final String SINGLE = "model" + WEIGHTS;

    /** Longest document taken: six times the largest tokenizer.json known. */
    private static final int MAX_DOCUMENT_BYTES = 192 << 20;

    /** Most tensors of all files together. */
    private static final int MAX_TENSORS = 1 << 16;

    private HuggingFaceFolder() {}

    /** Whether a folder says what model it holds. */
    public static boolean isOne(Path folder) {
        return Files.exists(folder.resolve(CONFIG));
    }

    /** The GGUF file of a folder that holds exactly one. */
    public static Path onlyGguf(Path folder) {
        List<String> found = names(folder, ".gguf");
        if (found.size() == 1) {
            return folder.resolve(found.getFirst());
        }
        throw ModelException.unsupported(
                folder,
                found.isEmpty()
                        ? "the folder has neither a config.json nor a GGUF file"
                        : "the folder has no config.json and several GGUF files",
                found.isEmpty()
                        ? "Name a folder with config.json and safetensors files, or a GGUF file."
                        : "Name one of its files: " + String.join(", ", found) + ".");
    }

    /** What a tensor that GGUF calls so would be called in such a folder. */
    public static String storedName(String architecture, String name) {
        return architecture.equals(EncoderConfig.ARCHITECTURE) ? EncoderNames.stored(name) : TensorNames.stored(name);
    }

    /** A document beside the weights. */
    public static Optional<byte[]> document(Path fileOrFolder, String name) {
        if (Path.of(name).getNameCount() != 1) {
            throw new IllegalArgumentException("no plain file name: " + name);
        }
        return JsonDocument.bytes(folder(fileOrFolder).resolve(name), MAX_DOCUMENT_BYTES);
    }

    private static Path folder(Path fileOrFolder) {
        Path parent = fileOrFolder.toAbsolutePath().getParent();
        return Files.isDirectory(fileOrFolder) || parent == null ? fileOrFolder : parent;
    }

    /**
     * Opens all files of a model.
     *
     * @param fileOrFolder the folder, or one of its files when it is that one that is meant
     */
    public static ModelContents read(Path fileOrFolder) {
        Path folder = folder(fileOrFolder);
        HuggingFaceConfig config = HuggingFaceConfig.read(folder.resolve(CONFIG));
        List<ModelFile> files = new ArrayList<>();
        try {
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            Optional<ShardIndex> index = index(fileOrFolder, folder);
            List<Path> paths = index.isPresent()
                    ? index.get().names().stream().map(folder::resolve).toList()
                    : List.of(single(fileOrFolder, folder));
            for (Path path : paths) {
                ModelFile file = ModelFile.open(path);
                files.add(file);
                addTensors(file, config, tensors);
            }
            index.ifPresent(all -> checkIndex(all, files));
            config.check(folder, tensors);
            Metadata metadata = config.metadata();
            String format = "safetensors" + (files.size() == 1 ? "" : ", " + files.size() + " files");
            return new ModelContents(format, metadata, RopePairing.HALVES, files, tensors, ChatTemplates.read(folder));
        } catch (RuntimeException | Error e) {
            files.forEach(ModelFile::close);
            throw e;
        }
    }

    private static Optional<ShardIndex> index(Path fileOrFolder, Path folder) {
        Path file = folder.resolve(ShardIndex.FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        ShardIndex index = ShardIndex.read(file);
        String named = String.valueOf(fileOrFolder.getFileName());
        boolean whole = Files.isDirectory(fileOrFolder) || index.names().contains(named);
        return whole ? Optional.of(index) : Optional.empty();
    }

    private static Path single(Path fileOrFolder, Path folder) {
        if (!Files.isDirectory(fileOrFolder)) {
            return fileOrFolder;
        }
        if (Files.exists(folder.resolve(SINGLE))) {
            return folder.resolve(SINGLE);
        }
        List<String> found = names(folder, WEIGHTS);
        if (found.size() == 1) {
            return folder.resolve(found.getFirst());
        }
        throw ModelException.unsupported(
                folder,
                "the folder has " + (found.isEmpty() ? "no" : "several") + " safetensors files and no "
                        + ShardIndex.FILE,
                found.isEmpty()
                        ? "Get the model's .safetensors files; .bin and .pth files are not read."
                        : "Name one of its files: " + String.join(", ", found) + ".");
    }

    private static List<String> names(Path folder, String ending) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + ending)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (IOException e) {
            throw dev.slipway.base.AtomicFiles.explain("list the folder " + folder, e);
        }
        names.sort(null);
        return names;
    }

    private static void addTensors(ModelFile file, HuggingFaceConfig config, Map<String, StoredTensor> tensors) {
        for (TensorInfo info : file.tensors().values()) {
            Optional<String> name =
                    config.encoder() ? EncoderNames.translate(info.name()) : TensorNames.translate(info.name());
            // A tied output is the embedding itself; a copy of it that was saved as well is not used.
            if (name.isEmpty() || (config.tiedOutput() && name.get().equals("output.weight"))) {
                continue;
            }
            if (tensors.size() == MAX_TENSORS) {
                throw ModelException.corrupt(file.path(), "the model has more than " + MAX_TENSORS + " tensors");
            }
            StoredTensor before = tensors.put(name.get(), new StoredTensor(file, info));
            if (before != null) {
                throw ModelException.corrupt(
                        file.path(),
                        "it holds the tensor '" + info.name() + "', and so does "
                                + before.file().path().getFileName());
            }
        }
    }

    private static void checkIndex(ShardIndex index, List<ModelFile> files) {
        Map<String, ModelFile> byName = new LinkedHashMap<>();
        files.forEach(file -> byName.put(String.valueOf(file.path().getFileName()), file));
        index.files().forEach((tensor, name) -> {
            ModelFile file = byName.get(name);
            if (file == null || file.tensor(tensor).isEmpty()) {
                throw ModelException.corrupt(
                        index.source(), "the tensor '" + tensor + "' is said to be in " + name + ", and is not");
            }
        });
    }
}
