package dev.slipway.oci.layer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.OciException;
import dev.slipway.oci.tree.TreeSink;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * Turns an image's layers into one tree.
 *
 * <p>Layers are read once, the highest first, and what no higher layer hides goes to the sink as it comes, so that unpacking
 * keeps pace with a pull that is still under way. Where that cannot be decided in one pass, which only unusual layers need,
 * the sink is told to forget all, and the layers are read again with an index of all their headers. Both ways give the same
 * tree. The sink is told to finish only after every layer proved to be what the config says.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets">OCI image-spec,
 *     applying changesets</a>
 */
public final class Flattener {
    private static final Logger LOG = System.getLogger(Flattener.class.getName());

    private final FlattenLimits limits;

    public Flattener(FlattenLimits limits) {
        this.limits = limits;
    }

    /** Flattens an image into a sink. */
    public void flatten(
            ImageManifest manifest,
            ImageConfig config,
            LayerSource source,
            TreeSink sink,
            ProgressListener listener,
            Cancellation cancellation) {
        flatten(manifest.layers(), config.diffIds(), source, sink, listener, cancellation);
    }

    /**
     * Flattens layers into a sink.
     *
     * @param layers lowest first
     * @param diffIds what each layer hashes to when uncompressed
     * @throws OciException {@code oci.diff-id-mismatch}, {@code oci.unsupported-layer},
     *     {@code oci.unsupported-compression}, {@code oci.invalid-gzip}, {@code oci.invalid-zstd}, {@code oci.invalid-tar},
     *     {@code oci.unsupported-tar-entry}, {@code oci.unsafe-path}, {@code oci.invalid-layer},
     *     {@code oci.image-too-large}
     */
    public void flatten(
            List<Descriptor> layers,
            List<Digest> diffIds,
            LayerSource source,
            TreeSink sink,
            ProgressListener listener,
            Cancellation cancellation) {
        LayerStack stack = new LayerStack(layers, diffIds);
        UnpackProgress progress = new UnpackProgress(listener, stack.bytes());
        Cancellation own = new Cancellation();
        try (var _ = cancellation.onCancel(own::cancel)) {
            if (!sink.resettable()) {
                new IndexedFlattening(stack, limits, progress).into(sink, source, own);
            } else if (!streamed(stack, source, sink, progress, own)) {
                sink.reset();
                new IndexedFlattening(stack, limits, progress).into(sink, source, own);
            }
            sink.finish();
            progress.finished();
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("flatten the image", e);
        }
    }

    /** Whether one pass was enough. */
    private boolean streamed(
            LayerStack stack, LayerSource source, TreeSink sink, UnpackProgress progress, Cancellation cancellation)
            throws IOException {
        Cancellation attempt = new Cancellation();
        try (var _ = cancellation.onCancel(attempt::cancel)) {
            if (new StreamedFlattening(stack, new FlattenBudget(limits), progress).into(sink, source, attempt)) {
                return true;
            }
            LOG.log(Level.DEBUG, "the layers need an index of their headers, and are read again");
        } catch (OciException e) {
            if (!e.code().equals(LayerSource.RESTARTED)) {
                throw e;
            }
            LOG.log(Level.DEBUG, "a layer that was being read proved wrong and is fetched anew");
        }
        return false;
    }
}
