package dev.slipway.it.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** Writes OCI image layouts by hand, the wrong ones too; knows nothing of the product's own builder. */
final class LayoutWriter {
    static final String GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";

    /**
     * A layer as it is announced.
     *
     * @param blob the bytes that are stored
     * @param diffId what the config says it is when uncompressed
     */
    record Layer(String mediaType, byte[] blob, String diffId) {
        /** A layer that is what it says. */
        static Layer gzip(byte[] tar) {
            return new Layer(GZIP, compress(tar), sha256(tar));
        }
    }

    private final Path folder;
    private final List<String> entries = new ArrayList<>();

    LayoutWriter(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("blobs/sha256"));
        Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    }

    /** Adds an image under a tag. */
    void image(String tag, List<Layer> layers) throws IOException {
        List<String> diffIds =
                layers.stream().map(layer -> '"' + layer.diffId() + '"').toList();
        List<String> descriptors = new ArrayList<>();
        for (Layer layer : layers) {
            descriptors.add(descriptor(layer.mediaType(), layer.blob(), ""));
        }
        byte[] config =
                bytes("{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
                        + "\"diff_ids\":[" + String.join(",", diffIds) + "]}}");
        byte[] manifest = bytes("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
                + "\"config\":" + descriptor("application/vnd.oci.image.config.v1+json", config, "")
                + ",\"layers\":[" + String.join(",", descriptors) + "]}");
        entries.add(descriptor(
                "application/vnd.oci.image.manifest.v1+json",
                manifest,
                ",\"annotations\":{\"org.opencontainers.image.ref.name\":\"" + tag + "\"}"));
        Files.writeString(
                folder.resolve("index.json"),
                "{\"schemaVersion\":2,\"manifests\":[" + String.join(",", entries) + "]}");
    }

    private String descriptor(String mediaType, byte[] content, String more) throws IOException {
        String digest = sha256(content);
        Files.write(folder.resolve("blobs/sha256").resolve(digest.substring("sha256:".length())), content);
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":" + content.length + more
                + "}";
    }

    static byte[] compress(byte[] bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    static String sha256(byte[] bytes) {
        try {
            return "sha256:"
                    + HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
