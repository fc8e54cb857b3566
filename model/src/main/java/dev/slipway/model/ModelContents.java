package dev.slipway.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the reader of a layout found, in the words of GGUF whatever the layout.
 *
 * @param format for people, such as {@code GGUF 3} or {@code safetensors, 2 files}
 * @param pairing how queries and keys were stored
 * @param files everything that is open
 * @param tensors by GGUF name
 * @param chatTemplates by name; the one that is meant without a name is called {@link OpenModel#DEFAULT_TEMPLATE}
 */
public record ModelContents(
        String format,
        Metadata metadata,
        RopePairing pairing,
        List<ModelFile> files,
        Map<String, StoredTensor> tensors,
        Map<String, String> chatTemplates) {
    public ModelContents {
        files = List.copyOf(files);
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
        chatTemplates = Map.copyOf(chatTemplates);
    }
}
