package dev.slipway.oci.build;

import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageConfig.Execution;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.Platform;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.LayoutContentStore;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Makes an image, deterministically: the same content built twice, anywhere, has one digest (as long as the compressing
 * library is the same, which for zstd comes with Slipway and for gzip with the JDK).
 */
public final class ImageBuilder {
    private final Platform platform;
    private final Optional<BaseImage> base;
    private final List<Layer> layers = new ArrayList<>();
    private final Map<String, String> annotations = new TreeMap<>();
    private Execution execution = Execution.none();
    private Instant latest = Instant.EPOCH;
    private LayerCompression compression = LayerCompression.GZIP;

    private record Layer(BuiltLayer.Entries entries, String createdBy) {}

    private ImageBuilder(Platform platform, Optional<BaseImage> base) {
        this.platform = platform;
        this.base = base;
    }

    /** Begins an image without layers. */
    public static ImageBuilder forPlatform(Platform platform) {
        return new ImageBuilder(platform, Optional.empty());
    }

    /**
     * Begins with another image, for its platform: with its layers, which the store that the image is built into must have,
     * and with its config.
     *
     * @throws OciException {@code oci.diff-id-mismatch} when manifest and config do not belong together
     */
    public static ImageBuilder on(ImageManifest base, ImageConfig config) {
        return new ImageBuilder(config.platform(), Optional.of(new BaseImage(base, config)));
    }

    /** No entry's time, nor the image's own, is later than this; 1970 unless set. */
    public ImageBuilder modifiedAtMost(Instant newLatest) {
        latest = newLatest;
        return this;
    }

    /**
     * The time that the variable {@code SOURCE_DATE_EPOCH} gives, in seconds since 1970; 1970 when it is not set.
     *
     * @param environment the process's variables
     * @throws OciException {@code oci.invalid-time}
     * @see <a href="https://reproducible-builds.org/specs/source-date-epoch/">SOURCE_DATE_EPOCH</a>
     */
    public static Instant sourceDate(Map<String, String> environment) {
        String text = environment.getOrDefault("SOURCE_DATE_EPOCH", "0");
        try {
            return Instant.ofEpochSecond(Long.parseLong(text));
        } catch (NumberFormatException | DateTimeException _) {
            throw OciException.invalid(
                    "oci.invalid-time",
                    "Reading SOURCE_DATE_EPOCH failed: '" + text + "' is no number of seconds since 1970.");
        }
    }

    /** Adds a layer above those added before. */
    public ImageBuilder layer(LayerBuilder layer) {
        layers.add(new Layer(layer::write, layer.createdBy()));
        return this;
    }

    /**
     * Adds a layer above those added before, with what a tar file holds: in its order, with its owners, modes and extended
     * attributes.
     *
     * @param tar plain, or compressed with gzip or zstd
     */
    public ImageBuilder tarLayer(Path tar) {
        TarLayer layer = new TarLayer(tar);
        layers.add(new Layer(layer::write, layer.createdBy()));
        return this;
    }

    /** How all layers are compressed; with gzip unless set. */
    public ImageBuilder compression(LayerCompression newCompression) {
        compression = newCompression;
        return this;
    }

    /** Says how to run the image; on a base image, what this leaves out stays. */
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

    /**
     * Writes the image's blobs into a store and returns its manifest's descriptor; tags nothing. Until the caller does,
     * a collection may take the blobs as soon as they are no longer young.
     */
    public Descriptor build(ContentStore store) {
        List<BuiltLayer> built = new ArrayList<>();
        base.ifPresent(image -> built.addAll(image.layers(store)));
        int ofBase = built.size();
        for (Layer layer : layers) {
            built.add(BuiltLayer.write(layer.entries(), layer.createdBy(), compression, latest, store));
        }
        byte[] config = new ConfigWriter(platform, execution, latest, base.map(BaseImage::config)).write(built, ofBase);
        Descriptor configDescriptor = Descriptor.of(MediaTypes.CONFIG, config);
        store.put(configDescriptor.digest(), config);
        ImageManifest manifest = ImageManifest.create(
                configDescriptor, built.stream().map(BuiltLayer::descriptor).toList(), annotations);
        store.put(manifest.digest(), manifest.bytes());
        return manifest.descriptor().withPlatform(platform);
    }
}
