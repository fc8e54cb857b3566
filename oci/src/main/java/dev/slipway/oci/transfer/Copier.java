package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.base.Tasks;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.OciException;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies images from any place to any other. Bytes and digests stay as they are wherever the destination can hold them;
 * what has to change is said.
 *
 * <p>What the destination has is not sent; blobs come before manifests, children before their parents, and the name last.
 */
public final class Copier {
    private final Retry retry;

    /** Asks a source again for a manifest as {@code retry} says. */
    public Copier(Retry retry) {
        this.retry = retry;
    }

    /**
     * Copies one image and makes the destination's name stand for it. Closes neither end.
     *
     * @throws CodedException {@code oci.no-platform}, {@code oci.one-image-only} when an index shall go where only one image
     *     fits, and whatever the two places raise
     */
    public CopiedImage copy(
            ImageSource source,
            Destination destination,
            CopyOptions options,
            ProgressListener listener,
            Cancellation cancellation) {
        return copy(source, destination, options, "", listener, cancellation);
    }

    /**
     * Copies one image, taking over blobs from another repository of the same place where that is possible.
     *
     * @param mountFrom the other repository; empty for none
     */
    public CopiedImage copy(
            ImageSource source,
            Destination destination,
            CopyOptions options,
            String mountFrom,
            ProgressListener listener,
            Cancellation cancellation) {
        Cancellation own = new Cancellation();
        try (var _ = cancellation.onCancel(own::cancel)) {
            return new Copy(source, destination, options, mountFrom, own).run(listener);
        } catch (CodedException e) {
            cancellation.throwIfCancelled();
            throw e;
        }
    }

    private final class Copy {
        private final ImageSource source;
        private final Destination destination;
        private final CopyOptions options;
        private final String mountFrom;
        private final Cancellation cancellation;
        private final Map<Digest, Descriptor> compressed = new ConcurrentHashMap<>();
        private final AtomicInteger copied = new AtomicInteger();
        private final AtomicInteger present = new AtomicInteger();
        private final AtomicLong bytes = new AtomicLong();

        Copy(
                ImageSource source,
                Destination destination,
                CopyOptions options,
                String mountFrom,
                Cancellation cancellation) {
            this.source = source;
            this.destination = destination;
            this.options = options;
            this.mountFrom = mountFrom;
            this.cancellation = cancellation;
        }

        CopiedImage run(ProgressListener listener) {
            ManifestDocument root = chosen(retry.call(cancellation, () -> source.root(cancellation)));
            List<ManifestDocument> documents = ImageDocuments.read(source, root, cancellation);
            List<Descriptor> blobs = ImageDocuments.blobs(documents);
            copyBlobs(blobs, new PullProgress("copy", listener, blobs));
            DocumentRewriter rewriter =
                    new DocumentRewriter(destination.demands().ociTypes());
            for (Descriptor blob : blobs) {
                Descriptor after = compressed.get(blob.digest());
                if (after != null) {
                    rewriter.replace(blob.digest(), after);
                }
            }
            ManifestDocument written = root;
            for (ManifestDocument document : documents) {
                written = rewriter.rewrite(document);
                if (document != root) {
                    destination.putManifest(written, cancellation);
                }
            }
            destination.publish(written, cancellation);
            return new CopiedImage(
                    root.descriptor(),
                    written.descriptor(),
                    rewriter.changes(),
                    copied.get(),
                    present.get(),
                    bytes.get());
        }

        private ManifestDocument chosen(ManifestDocument root) {
            if (!(root instanceof ImageIndex)) {
                return root;
            }
            if (options.platform().isPresent()) {
                return new PlatformChoice(
                                options.platform().get(), entry -> ImageDocuments.child(source, entry, cancellation))
                        .choose(root, source.description());
            }
            if (destination.demands().oneImage()) {
                throw new OciException(
                        "oci.one-image-only",
                        ErrorKind.INVALID,
                        "Copying from " + source.description() + " to " + destination.description()
                                + " failed: it is an index of several images, and only one fits there.",
                        "Choose one with --platform.",
                        null);
            }
            return root;
        }

        private void copyBlobs(List<Descriptor> blobs, PullProgress progress) {
            if (destination.demands().inOrder()) {
                blobs.forEach(blob -> copy(blob, progress));
                return;
            }
            List<Callable<Descriptor>> jobs = new ArrayList<>();
            for (Descriptor blob : blobs) {
                jobs.add(() -> {
                    copy(blob, progress);
                    return blob;
                });
            }
            Tasks.runAll(jobs, options.concurrency(), cancellation);
        }

        private void copy(Descriptor blob, PullProgress progress) {
            cancellation.throwIfCancelled();
            BlobSource from = new ResumingSource(source, retry);
            if (isToCompress(blob)) {
                try (LayerCompressor layer =
                        LayerCompressor.compress(blob, from, offset -> progress.reached(blob, offset), cancellation)) {
                    compressed.put(blob.digest(), layer.descriptor());
                    put(layer.descriptor(), layer.source(), Optional.empty());
                }
                bytes.addAndGet(blob.size());
                return;
            }
            put(blob, from, Optional.of(progress));
        }

        private void put(Descriptor blob, BlobSource from, Optional<PullProgress> progress) {
            boolean here = destination.has(blob, cancellation)
                    || (!mountFrom.isEmpty() && destination.mount(blob, mountFrom, cancellation));
            if (here) {
                present.incrementAndGet();
            } else {
                destination.putBlob(
                        blob, from, offset -> progress.ifPresent(value -> value.reached(blob, offset)), cancellation);
                copied.incrementAndGet();
                progress.ifPresent(_ -> bytes.addAndGet(blob.size()));
            }
            progress.ifPresent(value -> value.reached(blob, blob.size()));
        }

        private boolean isToCompress(Descriptor blob) {
            boolean wanted = switch (options.layers()) {
                case KEEP -> false;
                case GZIP -> true;
                case AS_SUITS -> destination.demands().compressed() && !source.hasOwnManifest();
            };
            return wanted
                    && LayerCompressor.isPlain(blob)
                    && !destination.demands().oneImage();
        }
    }
}
