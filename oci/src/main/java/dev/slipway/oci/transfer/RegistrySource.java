package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.transport.Registries;
import dev.slipway.oci.transport.Transport;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** An image in a registry, read from the host's mirrors as long as they have it, and else from the host itself. */
public final class RegistrySource implements ImageSource {
    private final ImageReference reference;
    private final Sources sources;

    private RegistrySource(ImageReference reference, Sources sources) {
        this.reference = reference;
        this.sources = sources;
    }

    /**
     * Opens an image.
     *
     * @param fetched counts the bytes of all bodies read
     */
    public static ImageSource open(Registries registries, ImageReference reference, LongAdder fetched) {
        Transport origin = registries.origin(reference, fetched);
        List<URI> mirrors = registries.mirrors(reference.host());
        if (mirrors.isEmpty()) {
            return ImageSource.of(origin, reference.target());
        }
        List<Transport> transports = new ArrayList<>();
        mirrors.forEach(mirror -> transports.add(registries.mirror(mirror, reference, fetched)));
        transports.add(origin);
        return new RegistrySource(reference, new Sources(reference, transports));
    }

    @Override
    public String description() {
        return reference.toString();
    }

    @Override
    public ManifestDocument root(Cancellation cancellation) {
        return manifest(reference.target(), cancellation);
    }

    @Override
    public ManifestDocument manifest(String target, Cancellation cancellation) {
        return sources.first(transport -> transport.manifest(target, cancellation));
    }

    @Override
    public Optional<Digest> resolve(String target, Cancellation cancellation) {
        return sources.first(transport -> transport.resolve(target, cancellation));
    }

    @Override
    public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
        return sources.first(transport -> transport.blob(descriptor, offset, cancellation));
    }

    @Override
    public BlobStream part(Descriptor descriptor, long offset, long length, Cancellation cancellation) {
        return sources.first(transport -> transport.part(descriptor, offset, length, cancellation));
    }

    @Override
    public void close() {
        // The registries' client belongs to whoever opened it.
    }
}
