package dev.slipway.oci.transfer;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.base.Tasks;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.transport.ContentTransport;
import dev.slipway.oci.transport.RegistryTransport;
import dev.slipway.oci.transport.Transport;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.LongAdder;

/**
 * Pulls images from registries into a content store.
 *
 * <p>What the store holds is not fetched again, what it holds in part is fetched from there on, and the reference is set
 * last: a pull that fails or is killed leaves nothing visible but complete blobs.
 */
public final class Puller {
    private final Fetcher fetcher;
    private final Retry retry;

    /** Tries again as {@code retry} says; a try that brought a blob forward does not count. */
    public Puller(Fetcher fetcher, Retry retry) {
        this.fetcher = fetcher;
        this.retry = retry;
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
        // A failing blob stops the others, not the caller's other work.
        Cancellation own = new Cancellation();
        try (var _ = cancellation.onCancel(own::cancel)) {
            LongAdder fetched = new LongAdder();
            Sources sources = new Sources(reference, sources(reference, options, store, fetched));
            return new Pull(reference, options, store, sources, own).run(listener, fetched);
        } catch (CodedException e) {
            cancellation.throwIfCancelled();
            throw e;
        }
    }

    private List<Transport> sources(
            ImageReference reference, PullOptions options, ContentStore store, LongAdder fetched) {
        List<Transport> transports = new ArrayList<>();
        boolean pinned = reference.digest().filter(store::has).isPresent();
        if (pinned) {
            transports.add(new ContentTransport(store, reference));
        }
        URI mirror = options.mirrors().get(reference.host());
        if (mirror != null) {
            transports.add(RegistryTransport.mirror(fetcher, mirror, reference, fetched));
        }
        if (!options.offline()) {
            transports.add(RegistryTransport.origin(fetcher, reference, fetched));
        } else if (!pinned) {
            transports.add(new ContentTransport(store, reference));
        }
        return transports;
    }

    private final class Pull {
        private final ImageReference reference;
        private final PullOptions options;
        private final ContentStore store;
        private final Sources sources;
        private final Cancellation cancellation;

        Pull(
                ImageReference reference,
                PullOptions options,
                ContentStore store,
                Sources sources,
                Cancellation cancellation) {
            this.reference = reference;
            this.options = options;
            this.store = store;
            this.sources = sources;
            this.cancellation = cancellation;
        }

        PulledImage run(ProgressListener listener, LongAdder fetched) {
            ManifestDocument resolved = manifest(reference.target());
            ImageManifest manifest =
                    new PlatformChoice(options.platform(), this::child).choose(resolved, reference.toString());
            if (!MediaTypes.isImageConfig(manifest.config().mediaType())) {
                throw OciException.invalid(
                        "oci.not-an-image",
                        "Pulling " + reference + " failed: it is not an image but an artifact of type "
                                + manifest.config().mediaType() + ".");
            }
            pullBlobs(manifest, listener);
            ImageConfig config = ImageConfig.parse(store.read(manifest.config().digest(), ImageConfig.MAX_SIZE));
            requirePlatform(config);
            store.tag(reference.toString(), resolved.descriptor());
            return new PulledImage(
                    reference, resolved.descriptor(), manifest.descriptor(), manifest, config, fetched.sum());
        }

        private ManifestDocument manifest(String target) {
            ManifestDocument document = sources.first(
                    transport -> Fetcher.retry(retry, cancellation, () -> transport.manifest(target, cancellation)));
            store.put(document.digest(), document.bytes());
            return document;
        }

        private ManifestDocument child(Descriptor descriptor) {
            ManifestDocument document = store.has(descriptor.digest())
                    ? ManifestDocument.parse(
                            store.read(descriptor.digest(), ManifestDocument.MAX_SIZE), descriptor.mediaType())
                    : manifest(descriptor.digest().toString());
            if (document.bytes().length != descriptor.size()) {
                throw OciException.corrupt(
                        "oci.size-mismatch",
                        "Reading " + descriptor.digest() + " failed: it has " + document.bytes().length + " bytes, not "
                                + descriptor.size() + " as the index says.");
            }
            return document;
        }

        private void pullBlobs(ImageManifest manifest, ProgressListener listener) {
            Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
            blobs.put(manifest.config().digest(), manifest.config());
            manifest.layers().forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
            requireSpace(blobs);
            BlobPull blobPull = new BlobPull(store, new PullProgress(listener, blobs.values()), retry, cancellation);
            List<Callable<Descriptor>> jobs = new ArrayList<>();
            for (Descriptor blob : blobs.values()) {
                jobs.add(() -> sources.first(transport -> {
                    blobPull.pull(blob, transport);
                    return blob;
                }));
            }
            Tasks.runAll(jobs, options.concurrency(), cancellation);
        }

        private void requireSpace(Map<Digest, Descriptor> blobs) {
            long needed = blobs.values().stream()
                    .filter(blob -> !store.has(blob.digest()))
                    .mapToLong(Descriptor::size)
                    .sum();
            OptionalLong usable = store.usableSpace();
            if (usable.isPresent() && needed > usable.getAsLong()) {
                throw new OciException(
                        "oci.no-space",
                        ErrorKind.EXHAUSTED,
                        "Pulling " + reference + " was not begun: it needs " + new ByteSize(needed) + " and "
                                + new ByteSize(usable.getAsLong()) + " are free.",
                        "Free some space, or set SLIPWAY_HOME to a folder on a larger disk.",
                        null);
            }
        }

        private void requirePlatform(ImageConfig config) {
            boolean told = !config.platform().os().isEmpty()
                    && !config.platform().architecture().isEmpty();
            if (told && options.platform().distance(config.platform()) < 0) {
                throw new OciException(
                        "oci.no-platform",
                        ErrorKind.NOT_FOUND,
                        "Pulling " + reference + " failed: it is an image for " + config.platform() + ", not for "
                                + options.platform() + ".",
                        "",
                        null);
            }
        }
    }
}
