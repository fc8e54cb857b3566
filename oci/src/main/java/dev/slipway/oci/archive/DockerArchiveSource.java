package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.oci.transport.ImageSource;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An image in a tar file as {@code docker save} makes it: {@code manifest.json} lists images, each with its config, its
 * names and its layers, which usually are plain tar files.
 *
 * <p>Newer archives are an OCI image layout as well; where that has the very image, its manifest is kept. Else one is made
 * up, the same each time.
 *
 * @see <a href="https://github.com/moby/docker-image-spec/blob/main/spec.md">Docker image specification, combined image
 *     JSON and file system changeset format</a>
 */
public final class DockerArchiveSource implements ImageSource {
    static final String MANIFEST = "manifest.json";

    private static final ByteSize MAX_MANIFEST = ByteSize.ofMebibytes(4);
    private static final int MAX_LAYERS = 4096;

    private final ImageFiles files;
    private final Map<Digest, String> blobs = new HashMap<>();
    private final ManifestDocument root;
    private final boolean ownManifest;

    private DockerArchiveSource(ImageFiles files, Optional<ImageReference> reference) {
        this.files = files;
        JsonObject image = images(files).choose(reference);
        String configName = image.requireString("Config");
        byte[] config = files.read(configName, ImageConfig.MAX_SIZE);
        Optional<ImageManifest> kept = LayoutInside.find(files, Digest.sha256(config));
        this.ownManifest = kept.isPresent();
        if (kept.isPresent()) {
            root = kept.get();
            blobs.put(root.digest(), LayoutSource.blobName(root.digest()));
            blobs.put(kept.get().config().digest(), configName);
            kept.get().layers().forEach(layer -> blobs.put(layer.digest(), LayoutSource.blobName(layer.digest())));
        } else {
            root = manifest(image, configName, config);
        }
    }

    /**
     * Opens a tar file, compressed or not.
     *
     * @param reference which image; empty for the only one
     * @throws OciException {@code oci.no-archive}, {@code oci.invalid-archive}, {@code oci.unknown-reference},
     *     {@code oci.ambiguous-reference}
     */
    public static DockerArchiveSource open(Path file, Optional<ImageReference> reference, Cancellation cancellation) {
        return open(TarFiles.open(file, cancellation), reference);
    }

    static DockerArchiveSource open(ImageFiles files, Optional<ImageReference> reference) {
        try {
            return new DockerArchiveSource(files, reference);
        } catch (RuntimeException e) {
            files.close();
            throw e;
        }
    }

    /** What the archive lists. */
    static SavedImages images(ImageFiles files) {
        List<JsonObject> images = JsonObject.parseList(
                files.read(MANIFEST, MAX_MANIFEST), MANIFEST + " in " + files.description(), MAX_MANIFEST);
        return new SavedImages(files.description(), images);
    }

    private ImageManifest manifest(JsonObject image, String configName, byte[] config) {
        List<String> names = image.strings("Layers");
        List<Digest> diffIds = ImageConfig.parse(config).diffIds();
        if (names.size() != diffIds.size() || names.size() > MAX_LAYERS) {
            throw OciException.corrupt(
                    "oci.invalid-archive",
                    "Reading " + description() + " failed: an image has " + names.size()
                            + " layers, and its config names " + diffIds.size() + ".");
        }
        Descriptor configDescriptor = Descriptor.of(MediaTypes.CONFIG, config);
        blobs.put(configDescriptor.digest(), configName);
        List<Descriptor> layers = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Descriptor layer = layer(names.get(i), diffIds.get(i));
            blobs.put(layer.digest(), names.get(i));
            layers.add(layer);
        }
        return ImageManifest.create(configDescriptor, layers, Map.of());
    }

    private Descriptor layer(String name, Digest diffId) {
        long size = files.size(name)
                .orElseThrow(() -> OciException.corrupt(
                        "oci.invalid-archive",
                        "Reading " + description() + " failed: it names the layer " + SmallFiles.shown(name)
                                + " and does not hold it."));
        try (InputStream in = new BufferedInputStream(files.open(name, 0))) {
            return switch (Compression.of(in)) {
                // Whoever takes the layer in checks that this is true.
                case NONE -> Descriptor.of(MediaTypes.LAYER_TAR, diffId, size);
                case GZIP -> Descriptor.of(MediaTypes.LAYER_TAR_GZIP, hash(in), size);
                case ZSTD -> Descriptor.of(MediaTypes.LAYER_TAR_ZSTD, hash(in), size);
            };
        } catch (IOException e) {
            throw AtomicFiles.explain("read the layer " + SmallFiles.shown(name) + " in " + description(), e);
        }
    }

    private static Digest hash(InputStream in) throws IOException {
        MessageDigest hasher = Digest.hasher("sha256");
        byte[] buffer = new byte[1 << 16];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            hasher.update(buffer, 0, read);
        }
        return Digest.of("sha256", hasher.digest());
    }

    @Override
    public String description() {
        return files.description();
    }

    @Override
    public ManifestDocument root(Cancellation cancellation) {
        return root;
    }

    @Override
    public boolean hasOwnManifest() {
        return ownManifest;
    }

    @Override
    public ManifestDocument manifest(String target, Cancellation cancellation) {
        if (target.equals(root.digest().toString())) {
            return root;
        }
        throw new OciException(
                "oci.content-missing",
                ErrorKind.NOT_FOUND,
                "Opening " + target + " failed: " + description() + " holds another image.",
                "",
                null);
    }

    @Override
    public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
        String name = blobs.getOrDefault(descriptor.digest(), LayoutSource.blobName(descriptor.digest()));
        return BlobFiles.open(files, name, descriptor, offset);
    }

    @Override
    public void close() {
        files.close();
    }
}
