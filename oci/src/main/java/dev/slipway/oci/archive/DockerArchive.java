package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.oci.transport.CheckedBlob;
import dev.slipway.oci.transport.Destination;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A tar file as {@code docker save} makes it, being written: any number of images, each layer once. The same images in the
 * same order always give the same file.
 */
public final class DockerArchive implements AutoCloseable {
    private final Path file;
    private final String description;
    private final ArchiveWriter writer;
    private final Map<Digest, byte[]> configs = new HashMap<>();
    /** From what a layer hashes to as it came to what it hashes to as it lies here. */
    private final Map<Digest, Digest> layers = new HashMap<>();

    private final Map<Digest, Map<String, Object>> images = new LinkedHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    private DockerArchive(Path file, String description) {
        this.file = file;
        this.description = description;
        this.writer = ArchiveWriter.create(file);
    }

    /** Begins a file, which replaces an existing one when it is published. */
    public static DockerArchive create(Path file) {
        return new DockerArchive(file, file.toString());
    }

    /** Begins a file that is only on its way to somewhere else. */
    static DockerArchive create(Path file, String description) {
        return new DockerArchive(file, description);
    }

    /**
     * A place for one image; several may follow each other.
     *
     * @param names its names; the tag of each is written out
     */
    public Destination image(List<ImageReference> names) {
        return new DockerArchiveDestination(this, names);
    }

    /** A file for one image: publishing the image publishes the file, closing the destination closes it. */
    public static Destination single(Path file, Optional<ImageReference> name) {
        return DockerArchiveDestination.single(create(file), name);
    }

    String description() {
        return description;
    }

    boolean has(Digest digest) {
        lock.lock();
        try {
            return layers.containsKey(digest) || configs.containsKey(digest);
        } finally {
            lock.unlock();
        }
    }

    void addConfig(Digest digest, byte[] bytes) throws IOException {
        lock.lock();
        try {
            if (configs.put(digest, bytes) == null) {
                writer.add(digest.hex() + ".json", bytes);
            }
        } finally {
            lock.unlock();
        }
    }

    void addLayer(Descriptor blob, CheckedBlob stored) throws IOException {
        lock.lock();
        try {
            if (layers.containsKey(blob.digest())) {
                return;
            }
            writer.add(out -> {
                MessageDigest plain = Digest.hasher("sha256");
                try (InputStream expanded = Compression.expand(stored, blob.size())) {
                    expanded.transferTo(new DigestOutputStream(out, plain));
                    stored.drain();
                }
                Digest diffId = Digest.of("sha256", plain.digest());
                boolean known = layers.containsValue(diffId);
                layers.put(blob.digest(), diffId);
                return known ? "" : layerName(diffId);
            });
        } finally {
            lock.unlock();
        }
    }

    private static String layerName(Digest diffId) {
        return diffId.hex() + ".tar";
    }

    void addImage(ImageManifest manifest, List<ImageReference> names) {
        lock.lock();
        try {
            byte[] config = configs.get(manifest.config().digest());
            if (config == null) {
                throw incomplete(manifest, "its config has not come");
            }
            List<Digest> diffIds = new ArrayList<>();
            for (Descriptor layer : manifest.layers()) {
                Digest diffId = layers.get(layer.digest());
                if (diffId == null) {
                    throw incomplete(manifest, "layer " + layer.digest() + " has not come");
                }
                diffIds.add(diffId);
            }
            if (!ImageConfig.parse(config).diffIds().equals(diffIds)) {
                throw OciException.corrupt(
                        "oci.diff-id-mismatch",
                        "Writing " + manifest.digest() + " to " + description
                                + " failed: its layers, uncompressed, are not those that its config names.");
            }
            record(manifest, names, diffIds);
        } finally {
            lock.unlock();
        }
    }

    private void record(ImageManifest manifest, List<ImageReference> names, List<Digest> diffIds) {
        Map<String, Object> image = images.computeIfAbsent(manifest.config().digest(), _ -> new LinkedHashMap<>());
        List<Object> tags = new ArrayList<>();
        if (image.get("RepoTags") instanceof List<?> before) {
            tags.addAll(before);
        }
        names.stream()
                .map(ImageReference::toString)
                .filter(name -> !tags.contains(name))
                .forEach(tags::add);
        image.put("Config", manifest.config().digest().hex() + ".json");
        image.put("RepoTags", tags);
        image.put("Layers", diffIds.stream().map(DockerArchive::layerName).toList());
    }

    private OciException incomplete(ImageManifest manifest, String why) {
        return OciException.corrupt(
                "oci.content-missing", "Writing " + manifest.digest() + " to " + description + " failed: " + why + ".");
    }

    /** Ends the archive and gives it its name. */
    public void publish() {
        try {
            writer.add(DockerArchiveSource.MANIFEST, JsonObject.writeList(List.copyOf(images.values())));
        } catch (IOException e) {
            throw AtomicFiles.explain("write the archive " + file, e);
        }
        writer.publish();
    }

    /** Removes what was not published. */
    @Override
    public void close() {
        writer.close();
    }
}
