package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Lease;
import dev.slipway.oci.transport.ContentTransport;
import dev.slipway.oci.transport.Registries;
import dev.slipway.oci.transport.Transport;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Pulls images from registries into a content store.
 *
 * <p>What the store holds is not fetched again, what it holds in part is fetched from there on, and the reference is set
 * last: a pull that fails or is killed leaves nothing visible but complete blobs. Blobs arrive side by side, the top layer
 * first; each is hashed as it is stored.
 */
public final class Puller {
    /** What a process that died had pulled is kept for so long, for the next one to go on. */
    private static final Duration LEASE = Duration.ofHours(1);

    private final Registries registries;
    private final Retry retry;

    /** Tries again as {@code retry} says; a try that brought a blob forward does not count. */
    public Puller(Registries registries, Retry retry) {
        this.registries = registries;
        this.retry = retry;
    }

    /** Pulls with nothing to show to registries, and what is open to everybody only. */
    public Puller(Fetcher fetcher, Retry retry) {
        this(Registries.anonymous(fetcher), retry);
    }

    /**
     * Pulls one image and makes the reference name it in the store.
     *
     * @throws CodedException {@code oci.pull-failed} when no registry has or gives it, {@code oci.no-platform},
     *     {@code oci.not-an-image}, {@code oci.no-space}, {@code base.cancelled}
     */
    public PulledImage pull(
            ImageReference reference,
            PullOptions options,
            ContentStore store,
            ProgressListener listener,
            Cancellation cancellation) {
        try (RunningPull running = start(reference, options, store, listener, cancellation)) {
            return running.await();
        } catch (CodedException e) {
            cancellation.throwIfCancelled();
            throw e;
        }
    }

    /**
     * Begins to pull one image: returns when its manifest and config are here, while the layers arrive. Close it when done,
     * whether it was awaited or not.
     *
     * @throws CodedException as {@link #pull} does
     */
    public RunningPull start(
            ImageReference reference,
            PullOptions options,
            ContentStore store,
            ProgressListener listener,
            Cancellation cancellation) {
        // A failing blob stops the others, not the caller's other work.
        Cancellation own = new Cancellation();
        Cancellation.Registration registration = cancellation.onCancel(own::cancel);
        // Until the reference names them, nothing else keeps blobs from being collected.
        Lease lease = store.lease(LEASE, "pull " + reference);
        boolean started = false;
        try {
            LongAdder fetched = new LongAdder();
            Sources sources = new Sources(reference, sources(reference, options, store, fetched));
            Resolution resolution = new Resolution(reference, store, lease, sources, retry, own);
            ManifestDocument resolved = resolution.document();
            ImageManifest manifest = resolution.image(resolved, options.platform());
            List<Descriptor> blobs = resolution.blobs(manifest);
            resolution.requireSpace(blobs);
            Arrivals arrivals = new Arrivals(blobs);
            BlobPull blobPull = new BlobPull(store, arrivals, new PullProgress(listener, blobs), retry, own);
            blobPull.pull(manifest.config(), sources);
            ImageConfig config = ImageConfig.parse(store.read(manifest.config().digest(), ImageConfig.MAX_SIZE));
            resolution.requirePlatform(config, options.platform());
            RunningPull.Pull pull = new RunningPull.Pull(
                    reference,
                    resolved.descriptor(),
                    manifest,
                    config,
                    store,
                    blob -> options.offline() ? sources : sources.and(registries.elsewhere(blob, fetched)),
                    fetched,
                    lease,
                    own);
            RunningPull running = RunningPull.start(
                    pull, blobs.subList(1, blobs.size()), options.concurrency(), arrivals, blobPull, registration);
            started = true;
            return running;
        } catch (CodedException e) {
            cancellation.throwIfCancelled();
            throw e;
        } finally {
            if (!started) {
                registration.close();
                lease.close();
            }
        }
    }

    private List<Transport> sources(
            ImageReference reference, PullOptions options, ContentStore store, LongAdder fetched) {
        List<Transport> transports = new ArrayList<>();
        boolean pinned = reference.digest().filter(store::has).isPresent();
        if (pinned) {
            transports.add(new ContentTransport(store, reference));
        }
        for (URI mirror : options.mirrors(reference.host())) {
            transports.add(registries.mirror(mirror, reference, fetched));
        }
        for (URI mirror : registries.mirrors(reference.host())) {
            transports.add(registries.mirror(mirror, reference, fetched));
        }
        if (!options.offline()) {
            transports.add(registries.origin(reference, fetched));
        } else if (!pinned) {
            transports.add(new ContentTransport(store, reference));
        }
        return transports;
    }
}
