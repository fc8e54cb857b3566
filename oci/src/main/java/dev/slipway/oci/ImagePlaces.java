package dev.slipway.oci;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Retry;
import dev.slipway.oci.archive.DockerArchive;
import dev.slipway.oci.archive.DockerArchiveSource;
import dev.slipway.oci.archive.DockerDaemon;
import dev.slipway.oci.archive.LayoutArchiveDestination;
import dev.slipway.oci.archive.LayoutDestination;
import dev.slipway.oci.archive.LayoutSource;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.transfer.RegistrySource;
import dev.slipway.oci.transport.ContentDestination;
import dev.slipway.oci.transport.ContentTransport;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageLocation;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.transport.Registries;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Opens locations. */
final class ImagePlaces {
    private final ContentStore store;
    private final Registries registries;
    private final Map<String, String> environment;

    /** @param environment the variables that say where Docker's socket is */
    ImagePlaces(ContentStore store, Registries registries, Map<String, String> environment) {
        this.store = store;
        this.registries = registries;
        this.environment = Map.copyOf(environment);
    }

    /** @param fetched counts what comes over the network */
    ImageSource source(ImageLocation location, LongAdder fetched, Cancellation cancellation) {
        return switch (location) {
            case ImageLocation.Registry(var reference) -> RegistrySource.open(registries, reference, fetched);
            case ImageLocation.Content(var reference) ->
                ImageSource.of(new ContentTransport(store, reference), reference.target());
            case ImageLocation.Layout(var folder, var tag) -> LayoutSource.folder(folder, tag);
            case ImageLocation.LayoutArchive(var file, var tag) -> LayoutSource.archive(file, tag, cancellation);
            case ImageLocation.DockerArchive(var file, var reference) ->
                DockerArchiveSource.open(file, reference, cancellation);
            case ImageLocation.DockerDaemon(var reference) ->
                DockerDaemon.find(environment).source(reference, cancellation);
        };
    }

    Destination destination(ImageLocation location, Cancellation cancellation) {
        return switch (location) {
            case ImageLocation.Registry(var reference) -> registries.destination(reference, Retry.DEFAULT);
            case ImageLocation.Content(var reference) -> new ContentDestination(store, reference.toString());
            case ImageLocation.Layout(var folder, var tag) -> LayoutDestination.open(folder, tag, cancellation);
            case ImageLocation.LayoutArchive(var file, var tag) -> LayoutArchiveDestination.create(file, tag);
            case ImageLocation.DockerArchive(var file, var reference) -> DockerArchive.single(file, reference);
            case ImageLocation.DockerDaemon(var reference) ->
                DockerDaemon.find(environment).destination(reference);
        };
    }
}
