package dev.slipway.oci.transfer;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.Retry;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.Platform;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Lease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds out what a reference names and which blobs that takes. Manifests go into the store as they are read. */
final class Resolution {
    private final ImageReference reference;
    private final ContentStore store;
    private final Lease lease;
    private final Sources sources;
    private final Retry retry;
    private final Cancellation cancellation;

    Resolution(
            ImageReference reference,
            ContentStore store,
            Lease lease,
            Sources sources,
            Retry retry,
            Cancellation cancellation) {
        this.reference = reference;
        this.store = store;
        this.lease = lease;
        this.sources = sources;
        this.retry = retry;
        this.cancellation = cancellation;
    }

    /** What the reference names now: an index or a manifest. */
    ManifestDocument document() {
        Optional<Descriptor> known = store.resolve(reference.toString()).filter(last -> lease.protect(last.digest()));
        if (known.isEmpty()) {
            return manifest(reference.target());
        }
        // A HEAD costs nothing where requests for manifests are counted, and the tag has usually not moved.
        return sources.first(transport -> Fetcher.retry(retry, cancellation, () -> {
            Optional<Digest> now = transport.resolve(reference.target(), cancellation);
            return now.isPresent() && now.get().equals(known.get().digest())
                    ? stored(known.get())
                    : kept(transport.manifest(reference.target(), cancellation));
        }));
    }

    private ManifestDocument manifest(String target) {
        return sources.first(
                transport -> Fetcher.retry(retry, cancellation, () -> kept(transport.manifest(target, cancellation))));
    }

    private ManifestDocument kept(ManifestDocument document) {
        // Protected first: what is here may be about to be collected. It protects what the manifest names, too.
        lease.protect(document.digest());
        store.put(document.digest(), document.bytes());
        return document;
    }

    private ManifestDocument stored(Descriptor descriptor) {
        return ManifestDocument.parse(
                store.read(descriptor.digest(), ManifestDocument.MAX_SIZE), descriptor.mediaType());
    }

    /** The image for a platform. */
    ImageManifest image(ManifestDocument document, Platform platform) {
        ImageManifest manifest = new PlatformChoice(platform, this::child).choose(document, reference.toString());
        if (!MediaTypes.isImageConfig(manifest.config().mediaType())) {
            throw OciException.invalid(
                    "oci.not-an-image",
                    "Pulling " + reference + " failed: it is not an image but an artifact of type "
                            + manifest.config().mediaType() + ".");
        }
        return manifest;
    }

    private ManifestDocument child(Descriptor descriptor) {
        ManifestDocument document = lease.protect(descriptor.digest())
                ? stored(descriptor)
                : manifest(descriptor.digest().toString());
        if (document.bytes().length != descriptor.size()) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Reading " + descriptor.digest() + " failed: it has " + document.bytes().length + " bytes, not "
                            + descriptor.size() + " as the index says.");
        }
        return document;
    }

    /** The blobs of an image, each once: the config, then the layers from the top, the order in which they are read. */
    List<Descriptor> blobs(ImageManifest manifest) {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        blobs.put(manifest.config().digest(), manifest.config());
        for (Descriptor layer : manifest.layers().reversed()) {
            Descriptor other = blobs.putIfAbsent(layer.digest(), layer);
            if (other != null && other.size() != layer.size()) {
                throw OciException.corrupt(
                        "oci.size-mismatch",
                        "Pulling " + reference + " failed: its manifest gives " + layer.digest() + " two sizes.");
            }
        }
        return new ArrayList<>(blobs.values());
    }

    /** Refuses before anything is written when the blobs that are missing do not fit. */
    void requireSpace(List<Descriptor> blobs) {
        long needed = blobs.stream()
                .filter(blob -> !store.has(blob.digest()))
                .mapToLong(blob -> Math.max(0, blob.size() - store.arrived(blob.digest())))
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

    /** Refuses an image whose own config says that it is made for something else. */
    void requirePlatform(ImageConfig config, Platform platform) throws CodedException {
        boolean told = !config.platform().os().isEmpty()
                && !config.platform().architecture().isEmpty();
        if (told && platform.distance(config.platform()) < 0) {
            throw new OciException(
                    "oci.no-platform",
                    ErrorKind.NOT_FOUND,
                    "Pulling " + reference + " failed: it is an image for " + config.platform() + ", not for "
                            + platform + ".",
                    "",
                    null);
        }
    }
}
