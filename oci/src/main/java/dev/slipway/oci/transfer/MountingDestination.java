package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.Destination;
import java.util.function.LongConsumer;

/** A destination that has, too, what it can take over from repositories that are known to hold it. */
final class MountingDestination implements Destination {
    private final Destination destination;
    private final KnownRepositories repositories;

    MountingDestination(Destination destination, KnownRepositories repositories) {
        this.destination = destination;
        this.repositories = repositories;
    }

    @Override
    public String description() {
        return destination.description();
    }

    @Override
    public Demands demands() {
        return destination.demands();
    }

    @Override
    public boolean has(Descriptor content, Cancellation cancellation) {
        if (destination.has(content, cancellation)) {
            return true;
        }
        String from = repositories.holding(content);
        return !from.isEmpty() && destination.mount(content, from, cancellation);
    }

    @Override
    public boolean mount(Descriptor blob, String fromRepository, Cancellation cancellation) {
        return destination.mount(blob, fromRepository, cancellation);
    }

    @Override
    public void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        destination.putBlob(blob, source, arrived, cancellation);
    }

    @Override
    public void putManifest(ManifestDocument manifest, Cancellation cancellation) {
        destination.putManifest(manifest, cancellation);
    }

    @Override
    public void publish(ManifestDocument root, Cancellation cancellation) {
        destination.publish(root, cancellation);
    }

    @Override
    public void close() {
        // Whoever opened the destination closes it.
    }
}
