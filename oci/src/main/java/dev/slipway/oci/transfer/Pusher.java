package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.transport.ContentTransport;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.transport.Registries;

/**
 * Pushes images from a content store to registries.
 *
 * <p>What the registry has is not sent, what another of its repositories is known to have is taken over from there, and
 * children come before their parents, the tag last: a push that fails leaves the tag as it was.
 */
public final class Pusher {
    private final Registries registries;
    private final Retry retry;

    /** Tries again as {@code retry} says; a try that brought a blob forward does not count. */
    public Pusher(Registries registries, Retry retry) {
        this.registries = registries;
        this.retry = retry;
    }

    /**
     * Pushes an image, or an index with what {@code options} say of it.
     *
     * @param image the name in the store
     * @param target where to; its tag is set last
     * @throws CodedException {@code oci.unknown-reference}, {@code oci.content-missing} when the store has the image in part
     *     only, {@code oci.denied}, {@code oci.no-platform}, {@code base.cancelled}
     */
    public CopiedImage push(
            ImageReference image,
            ImageReference target,
            CopyOptions options,
            ContentStore store,
            ProgressListener listener,
            Cancellation cancellation) {
        ContentTransport transport = new ContentTransport(store, image);
        try (ImageSource source = ImageSource.of(transport, image.target());
                Destination registry = registries.destination(target, retry);
                Destination destination = new MountingDestination(registry, new KnownRepositories(store, target))) {
            return new Copier(retry).copy(source, destination, options, listener, cancellation);
        }
    }
}
