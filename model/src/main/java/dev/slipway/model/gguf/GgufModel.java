package dev.slipway.model.gguf;

import dev.slipway.model.Metadata;
import dev.slipway.model.ModelContents;
import dev.slipway.model.ModelException;
import dev.slipway.model.ModelFile;
import dev.slipway.model.OpenModel;
import dev.slipway.model.RopePairing;
import dev.slipway.model.StoredTensor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A model in one GGUF file. */
public final class GgufModel {
    private static final String TEMPLATE = "tokenizer.chat_template";

    private GgufModel() {}

    /** Opens the file and puts its parts together. */
    public static ModelContents read(Path path) {
        ModelFile file = ModelFile.open(path);
        try {
            if (!file.format().startsWith("GGUF")) {
                throw ModelException.unsupported(
                        path,
                        "it is a safetensors file in a folder without config.json",
                        "Put the model's config.json and tokenizer.json beside it.");
            }
            Map<String, StoredTensor> tensors = new LinkedHashMap<>();
            file.tensors().forEach((name, info) -> tensors.put(name, new StoredTensor(file, info)));
            return new ModelContents(
                    file.format(),
                    file.metadata(),
                    pairing(file.metadata()),
                    List.of(file),
                    tensors,
                    templates(file.metadata()));
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Converters reorder the rows of a llama's queries and keys, so that neighbours belong together. */
    private static RopePairing pairing(Metadata metadata) {
        return metadata.string("general.architecture").orElse("").equals("llama")
                ? RopePairing.NEIGHBOURS
                : RopePairing.HALVES;
    }

    /** Named templates have keys of their own, after which the name follows. */
    private static Map<String, String> templates(Metadata metadata) {
        Map<String, String> templates = new LinkedHashMap<>();
        for (String key : metadata.keys()) {
            if (key.startsWith(TEMPLATE + ".")) {
                metadata.string(key).ifPresent(source -> templates.put(key.substring(TEMPLATE.length() + 1), source));
            }
        }
        metadata.string(TEMPLATE)
                .filter(source -> !source.isEmpty())
                .ifPresent(source -> templates.put(OpenModel.DEFAULT_TEMPLATE, source));
        return templates;
    }
}
