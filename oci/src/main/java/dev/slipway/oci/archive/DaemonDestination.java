package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.Destination;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/** An archive in a temporary folder that a daemon gets when it is whole. */
record DaemonDestination(DockerDaemon daemon, Path folder, Path file, DockerArchive archive, Destination image)
        implements Destination {
    static DaemonDestination create(DockerDaemon daemon, String description, ImageReference reference) {
        try {
            Path folder = Files.createTempDirectory("slipway-daemon-");
            Path file = folder.resolve("image.tar");
            DockerArchive archive = DockerArchive.create(file, description);
            return new DaemonDestination(daemon, folder, file, archive, archive.image(List.of(reference)));
        } catch (IOException e) {
            throw AtomicFiles.explain("write an image for " + description, e);
        }
    }

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
        daemon.load(file, cancellation);
    }

    @Override
    public void close() {
        archive.close();
        try {
            AtomicFiles.deleteRecursively(folder);
        } catch (IOException e) {
            throw AtomicFiles.explain("remove " + folder, e);
        }
    }
}
