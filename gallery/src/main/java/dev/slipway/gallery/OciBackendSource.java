package dev.slipway.gallery;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.layer.FlattenLimits;
import dev.slipway.oci.layer.Flattener;
import dev.slipway.oci.layer.LayerSource;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.oci.transfer.PulledImage;
import dev.slipway.oci.transfer.Puller;
import dev.slipway.oci.tree.DirectorySink;
import java.lang.System.Logger.Level;
import java.nio.file.Path;

/**
 * Backends from OCI images: {@code oci://host/repository:tag}, or the same without the scheme. An image is pulled into the
 * content store and flattened from there.
 */
public final class OciBackendSource implements BackendSource {
    private static final System.Logger LOG = System.getLogger(OciBackendSource.class.getName());
    private static final String SCHEME = "oci://";

    private final ContentStore content;
    private final PullOptions options;

    /**
     * Creates a source.
     *
     * @param content keeps what is pulled
     * @param options where to pull from, and for which platform
     */
    public OciBackendSource(ContentStore content, PullOptions options) {
        this.content = content;
        this.options = options;
    }

    @Override
    public Fetched fetch(String uri, ProgressListener progress, Cancellation cancellation) {
        ImageReference reference = reference(uri);
        try (Fetcher fetcher = Fetcher.create(FetchOptions.defaults())) {
            PulledImage image =
                    new Puller(fetcher, Retry.DEFAULT).pull(reference, options, content, progress, cancellation);
            return new FetchedImage(image, content);
        }
    }

    private static ImageReference reference(String uri) {
        String text = uri.startsWith(SCHEME) ? uri.substring(SCHEME.length()) : uri;
        if (text.contains("://")) {
            throw new GalleryException(
                    "gallery.unsupported-uri",
                    ErrorKind.INVALID,
                    "Could not fetch " + uri + ": only images (oci://host/repository:tag) can be installed.",
                    "",
                    null);
        }
        return ImageReference.parse(text);
    }

    private record FetchedImage(PulledImage image, ContentStore content) implements Fetched {
        @Override
        public Digest digest() {
            return image.manifestDigest();
        }

        @Override
        public long bytesFetched() {
            return image.bytesFetched();
        }

        @Override
        public void unpackInto(Path folder, ProgressListener progress, Cancellation cancellation) {
            // Not synced file by file: the installer syncs the whole tree.
            try (DirectorySink sink = DirectorySink.create(folder, false)) {
                new Flattener(FlattenLimits.defaults())
                        .flatten(
                                image.manifest(),
                                image.config(),
                                LayerSource.of(content),
                                sink,
                                progress,
                                cancellation);
                sink.publish();
                if (!sink.report().complete()) {
                    LOG.log(Level.DEBUG, "{0}: left out {1}", image.reference(), sink.report());
                }
            }
        }
    }
}
