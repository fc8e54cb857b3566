package dev.slipway.model.huggingface;

import dev.slipway.base.ErrorKind;
import dev.slipway.model.ModelException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/** Reads the small documents beside the weights, each up to a limit. */
final class JsonDocument {
    /** Deeper than any configuration. */
    private static final int MAX_DEPTH = 64;

    private static final ObjectReader JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .maxNumberLength(64)
                            .maxStringLength(4 << 20)
                            .build())
                    .build())
            .build()
            .reader();

    private JsonDocument() {}

    /** The bytes of a file, or empty when there is none. */
    static Optional<byte[]> bytes(Path file, int limit) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw ModelException.corrupt(file, "it is longer than " + limit + " bytes");
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new ModelException(
                    "model.unreadable",
                    ErrorKind.DENIED,
                    "The model file " + file + " cannot be read: " + e.getMessage() + ".",
                    "Check that it is a regular file that this user may read.",
                    e);
        }
    }

    /** The object in a file, or empty when there is no file. */
    static Optional<JsonNode> read(Path file, int limit) {
        return bytes(file, limit).map(bytes -> parse(file, bytes));
    }

    private static JsonNode parse(Path file, byte[] bytes) {
        try {
            JsonNode node = JSON.readTree(bytes);
            if (node == null || !node.isObject()) {
                throw ModelException.corrupt(file, "it holds no JSON object");
            }
            return node;
        } catch (JacksonException e) {
            throw ModelException.corrupt(file, "it is not proper JSON: " + e.getOriginalMessage());
        }
    }
}
