package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.CheckedBlob;
import dev.slipway.oci.transport.Destination;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One image in a Docker archive that is being written. Config and layers come before the manifest, which is kept only by
 * what it says, for such an archive has no place for it: layers lie there uncompressed.
 */
public final class DockerArchiveDestination implements Destination {
    private final DockerArchive archive;
    private final List<ImageReference> names;

    DockerArchiveDestination(DockerArchive archive, List<ImageReference> names) {
        this.archive = archive;
        this.names = List.copyOf(names);
    }

    @Override
    public String description() {
        return archive.description();
    }

    @Override
    public Demands demands() {
        return new Demands(false, true, true, false);
    }

    @Override
    public boolean has(Descriptor content, Cancellation cancellation) {
        return archive.has(content.digest());
    }

    @Override
    public void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        try (CheckedBlob in = new CheckedBlob(blob, source, arrived, cancellation)) {
            if (MediaTypes.isLayer(blob.mediaType())) {
                archive.addLayer(blob, in);
            } else {
                byte[] bytes = in.readNBytes(Math.toIntExact(ImageConfig.MAX_SIZE.bytes() + 1));
                in.drain();
                ImageConfig.parse(bytes);
                archive.addConfig(blob.digest(), bytes);
            }
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("write " + blob.digest() + " to " + description(), e);
        }
    }

    @Override
    public void putManifest(ManifestDocument manifest, Cancellation cancellation) {
        if (!(manifest instanceof ImageManifest image)
                || !MediaTypes.isImageConfig(image.config().mediaType())) {
            throw OciException.invalid(
                    "oci.not-an-image",
                    "Writing " + manifest.digest() + " to " + description()
                            + " failed: a Docker archive holds images only, no indexes and no other artifacts.");
        }
    }

    @Override
    public void publish(ManifestDocument root, Cancellation cancellation) {
        putManifest(root, cancellation);
        archive.addImage((ImageManifest) root, names);
    }

    @Override
    public void close() {
        // The archive belongs to whoever began it.
    }

    /** The whole archive is this one image's: publishing the image publishes the file. */
    static Destination single(DockerArchive archive, Optional<ImageReference> name) {
        return new Whole(
                archive, new DockerArchiveDestination(archive, name.stream().toList()));
    }

    private record Whole(DockerArchive archive, DockerArchiveDestination image) implements Destination {
        @Override
        public String description() {
            return image.description();
        }

        @Override
        public Demands demands() {
            return image.demands();
        }

        @Override
        public boolean has(Descriptor content, Cancellation cancellation) {
            return image.has(content, cancellation);
        }

        @Override
        public void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
            image.putBlob(blob, source, arrived, cancellation);
        }

        @Override
        public void putManifest(ManifestDocument manifest, Cancellation cancellation) {
            image.putManifest(manifest, cancellation);
        }

        @Override
        public void publish(ManifestDocument root, Cancellation cancellation) {
            image.publish(root, cancellation);
            archive.publish();
        }

        @Override
        public void close() {
            archive.close();
        }
    }
}
