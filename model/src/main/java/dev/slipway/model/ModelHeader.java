package dev.slipway.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What stands at the head of a model file, all of it checked against the file's length.
 *
 * @param format such as {@code GGUF 3} or {@code safetensors}
 * @param tensors by name, in file order
 */
public record ModelHeader(String format, Metadata metadata, Map<String, TensorInfo> tensors) {
    public ModelHeader {
        tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    }
}
