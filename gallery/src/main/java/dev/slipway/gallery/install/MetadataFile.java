package dev.slipway.gallery.install;

import dev.slipway.gallery.BackendMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes {@code metadata.json}. */
public final class MetadataFile {
    public static final String NAME = "metadata.json";

    static final int MAX_BYTES = 256 << 10;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private MetadataFile() {}

    /**
     * Reads the file in a backend's folder. Without one the folder's name is all that is known, which is fine.
     *
     * @throws IOException whose message says what is wrong with the file
     */
    public static BackendMetadata read(Path folder, String name) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(folder.resolve(NAME))) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            return new BackendMetadata(name, "", "", "", "", "", Instant.EPOCH);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException("its metadata.json is larger than " + MAX_BYTES + " bytes");
        }
        JsonNode root;
        try {
            root = JSON.readTree(bytes);
        } catch (JacksonException e) {
            throw new IOException("its metadata.json is not JSON: " + e.getOriginalMessage(), e);
        }
        if (!root.isObject()) {
            throw new IOException("its metadata.json is not an object");
        }
        String stated = text(root, "name");
        return new BackendMetadata(
                stated.isEmpty() ? name : stated,
                text(root, "alias"),
                text(root, "uri"),
                text(root, "digest"),
                text(root, "version"),
                text(root, "gallery_url"),
                instant(text(root, "installed_at")));
    }

    /** The file's bytes; empty fields are left out. */
    public static byte[] write(BackendMetadata metadata) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("name", metadata.name());
        fields.put("alias", metadata.alias());
        fields.put("uri", metadata.uri());
        fields.put("digest", metadata.digest());
        fields.put("version", metadata.version());
        fields.put("gallery_url", metadata.galleryUrl());
        fields.put("installed_at", metadata.installedAt().toString());
        fields.values().removeIf(String::isEmpty);
        String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(fields);
        return (json + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String text(JsonNode root, String key) throws IOException {
        JsonNode value = root.get(key);
        if (value == null || value.isNull()) {
            return "";
        }
        if (!value.isString()) {
            throw new IOException("'" + key + "' in its metadata.json is not a text");
        }
        return value.stringValue();
    }

    private static Instant instant(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            // Only shown, so not worth refusing the backend.
            return Instant.EPOCH;
        }
    }
}
