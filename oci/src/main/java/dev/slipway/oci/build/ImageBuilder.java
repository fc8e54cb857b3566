package dev.slipway.oci.build;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig.Execution;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.Platform;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.oci.tar.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes an image, deterministically: the same content built twice, anywhere, has one digest (as long as the JDK's
 * deflater is the same).
 */
public final class ImageBuilder {
    private static final int BUFFER = 1 << 16;

    private final Platform platform;
    private final List<LayerBuilder> layers = new ArrayList<>();
    private final Map<String, String> annotations = new TreeMap<>();
    private Execution execution = Execution.none();
    private Instant latest = Instant.EPOCH;

    private ImageBuilder(Platform platform) {
        this.platform = platform;
    }

    /** Begins an image without layers. */
    public static ImageBuilder forPlatform(Platform platform) {
        return new ImageBuilder(platform);
    }

    /** No entry's time, nor the image's own, is later than this; 1970 unless set. */
    public ImageBuilder modifiedAtMost(Instant newLatest) {
        latest = newLatest;
        return this;
    }

    /** Adds a layer above those added before. */
    public ImageBuilder layer(LayerBuilder layer) {
        layers.add(layer);
        return this;
    }

    /** Says how to run the image. */
    public ImageBuilder execution(Execution newExecution) {
        execution = newExecution;
        return this;
    }

    /** Adds an annotation to the manifest. */
    public ImageBuilder annotation(String key, String value) {
        annotations.put(key, value);
        return this;
    }

    /** Writes the image into an OCI image layout, which is created when missing, under a reference. */
    public Descriptor build(Path layoutFolder, String name) {
        try (LayoutContentStore store = LayoutContentStore.open(layoutFolder)) {
            Descriptor manifest = build(store);
            store.tag(name, manifest);
            return manifest;
        }
    }

    /** Writes the image's blobs into a store and returns its manifest's descriptor; tags nothing. */
    public Descriptor build(ContentStore store) {
        List<BuiltLayer> built = new ArrayList<>();
        for (LayerBuilder layer : layers) {
            built.add(build(layer, store));
        }
        byte[] config = config(built);
        Descriptor configDescriptor = Descriptor.of(MediaTypes.CONFIG, config);
        store.put(configDescriptor.digest(), config);
        ImageManifest manifest = ImageManifest.create(
                configDescriptor, built.stream().map(BuiltLayer::descriptor).toList(), annotations);
        store.put(manifest.digest(), manifest.bytes());
        return manifest.descriptor().withPlatform(platform);
    }

    private record BuiltLayer(Descriptor descriptor, Digest diffId) {}

    private BuiltLayer build(LayerBuilder layer, ContentStore store) {
        try {
            // The store asks for digest and size first, and those are known only when the layer is written.
            Path file = Files.createTempFile("slipway-layer-", ".tar.gz");
            try {
                MessageDigest compressed = Digest.hasher("sha256");
                MessageDigest plain = Digest.hasher("sha256");
                try (OutputStream out = Files.newOutputStream(file);
                        TarWriter tar = new TarWriter(new BufferedOutputStream(
                                new DigestOutputStream(
                                        new PlainGzipOutputStream(new DigestOutputStream(out, compressed)), plain),
                                BUFFER))) {
                    layer.write(tar, latest);
                }
                Digest digest = Digest.of("sha256", compressed.digest());
                long size = Files.size(file);
                copy(file, digest, size, store);
                return new BuiltLayer(
                        Descriptor.of(MediaTypes.LAYER_TAR_GZIP, digest, size), Digest.of("sha256", plain.digest()));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("build a layer", e);
        }
    }

    private static void copy(Path file, Digest digest, long size, ContentStore store) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                Ingest ingest = store.ingest(digest, size, Cancellation.never())) {
            in.skipNBytes(ingest.offset());
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                ingest.write(buffer, 0, read);
            }
            ingest.commit();
        }
    }

    private byte[] config(List<BuiltLayer> built) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("created", latest.toString());
        json.put("architecture", platform.architecture());
        platform.variant().ifPresent(variant -> json.put("variant", variant));
        json.put("os", platform.os());
        json.put("config", executionJson());
        json.put(
                "rootfs",
                new TreeMap<>(Map.of(
                        "type",
                        "layers",
                        "diff_ids",
                        built.stream().map(layer -> layer.diffId().toString()).toList())));
        return JsonObject.write(json);
    }

    private Map<String, Object> executionJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        putUnlessEmpty(json, "User", execution.user());
        putUnlessEmpty(json, "Env", execution.environment());
        putUnlessEmpty(json, "Entrypoint", execution.entrypoint());
        putUnlessEmpty(json, "Cmd", execution.command());
        putUnlessEmpty(json, "WorkingDir", execution.workingDirectory());
        putUnlessEmpty(json, "Labels", new TreeMap<>(execution.labels()));
        return json;
    }

    private static void putUnlessEmpty(Map<String, Object> json, String key, Object value) {
        if (!value.equals("") && !value.equals(List.of()) && !value.equals(Map.of())) {
            json.put(key, value);
        }
    }
}
