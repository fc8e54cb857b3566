package dev.slipway.oci;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.layer.FlattenLimits;
import dev.slipway.oci.layer.Flattener;
import dev.slipway.oci.layer.LayerSource;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.oci.transfer.PulledImage;
import dev.slipway.oci.transfer.Puller;
import dev.slipway.oci.tree.DirectorySink;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * All that can be done with images, over the content store of one home: the way in for the command line, the server and
 * whoever embeds this.
 */
public final class Images implements AutoCloseable {
    private final ContentStore store;
    private final Fetcher fetcher;

    private Images(ContentStore store, Fetcher fetcher) {
        this.store = store;
        this.fetcher = fetcher;
    }

    /**
     * The images of a content store.
     *
     * @param environment the variables that say where credentials and sockets are
     */
    public static Images open(Path content, Map<String, String> environment) {
        return new Images(DiskContentStore.open(content), Fetcher.create(FetchOptions.defaults()));
    }

    /** Pulls an image into the content store. */
    public PulledImage pull(
            ImageReference reference, PullOptions options, ProgressListener progress, Cancellation cancellation) {
        return new Puller(fetcher, Retry.DEFAULT).pull(reference, options, store, progress, cancellation);
    }

    /**
     * Lays an image out as a directory; pulls what is missing.
     *
     * @param folder new or empty
     */
    public UnpackedImage unpack(
            String image, PullOptions options, Path folder, ProgressListener progress, Cancellation cancellation) {
        ImageReference reference = ImageReference.parse(image.replaceFirst("^docker://", ""));
        PulledImage pulled = pull(reference, options, progress, cancellation);
        try (DirectorySink sink = DirectorySink.create(folder)) {
            new Flattener(FlattenLimits.defaults())
                    .flatten(pulled.manifest(), pulled.config(), LayerSource.of(store), sink, progress, cancellation);
            sink.publish();
            return new UnpackedImage(
                    pulled.reference().toString(),
                    pulled.manifestDigest(),
                    folder,
                    sink.report(),
                    pulled.bytesFetched());
        }
    }

    /** What the content store holds, by name. */
    public List<StoredImage> list() {
        return StoredImages.list(store);
    }

    /**
     * Gives an image one more name.
     *
     * @throws OciException {@code oci.unknown-reference}
     */
    public Descriptor tag(ImageReference reference, ImageReference name) {
        Descriptor descriptor = require(reference);
        store.tag(name.toString(), descriptor);
        return descriptor;
    }

    /**
     * Removes a name; the bytes stay until they are collected.
     *
     * @throws OciException {@code oci.unknown-reference}
     */
    public void remove(ImageReference reference) {
        if (!store.untag(reference.toString())) {
            throw unknown(reference);
        }
    }

    private Descriptor require(ImageReference reference) {
        return store.resolve(reference.toString()).orElseThrow(() -> unknown(reference));
    }

    private static OciException unknown(ImageReference reference) {
        return new OciException(
                "oci.unknown-reference",
                ErrorKind.NOT_FOUND,
                reference + " is not in the content store.",
                "See 'slipway image list', or pull it first.",
                null);
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
