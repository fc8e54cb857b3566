package dev.slipway.oci.layer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Tasks;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import dev.slipway.oci.tree.TreeSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Turns an image's layers into one tree.
 *
 * <p>First the headers of all layers are read, side by side, each layer to its end and against its diff id; from them alone
 * it is decided what the tree holds. Then each layer that has surviving files is read once more and gives their content.
 * Nothing reaches the sink that a higher layer hides, and nothing before all layers have proved right.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/layer.md#applying-changesets">OCI image-spec,
 *     applying changesets</a>
 */
public final class Flattener {
    private static final String STEP = "unpack";

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
     * @throws OciException {@code oci.diff-id-mismatch}, {@code oci.unsupported-layer}, {@code oci.invalid-tar},
     *     {@code oci.unsafe-path}, {@code oci.invalid-layer}, {@code oci.image-too-large}
     */
    public void flatten(
            List<Descriptor> layers,
            List<Digest> diffIds,
            LayerSource source,
            TreeSink sink,
            ProgressListener listener,
            Cancellation cancellation) {
        requireFlattenable(layers, diffIds);
        Cancellation own = new Cancellation();
        try (var _ = cancellation.onCancel(own::cancel)) {
            long total = layers.stream().mapToLong(Descriptor::size).sum();
            AtomicLong done = new AtomicLong();
            listener.step(STEP, 0, 2 * total);
            List<LayerIndex> indexes = index(
                    layers,
                    diffIds,
                    source,
                    own,
                    index ->
                            listener.step(STEP, done.addAndGet(layers.get(index).size()), 2 * total));
            ResolvedTree tree = new TreeResolver().resolve(indexes);
            tree.deliverNames(sink);
            for (int i = 0; i < layers.size(); i++) {
                deliverFiles(layers.get(i), source, tree.files(i), sink, own);
                listener.step(STEP, done.addAndGet(layers.get(i).size()), 2 * total);
            }
            tree.deliverHardLinks(sink);
            sink.finish();
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("flatten the image", e);
        }
    }

    private static void requireFlattenable(List<Descriptor> layers, List<Digest> diffIds) {
        if (layers.size() != diffIds.size()) {
            throw OciException.corrupt(
                    "oci.diff-id-mismatch",
                    "Flattening the image failed: it has " + layers.size() + " layers, and its config names "
                            + diffIds.size() + " diff ids.");
        }
        for (Descriptor layer : layers) {
            if (!MediaTypes.isLayer(layer.mediaType())) {
                throw OciException.invalid(
                        "oci.unsupported-layer",
                        "Flattening the image failed: layer " + layer.digest() + " has the media type '"
                                + layer.mediaType() + "', which is no layer that Slipway can read.");
            }
        }
    }

    @FunctionalInterface
    private interface Indexed {
        void layer(int index);
    }

    private List<LayerIndex> index(
            List<Descriptor> layers,
            List<Digest> diffIds,
            LayerSource source,
            Cancellation cancellation,
            Indexed indexed) {
        AtomicLong bytes = new AtomicLong();
        AtomicLong entries = new AtomicLong();
        List<Callable<LayerIndex>> jobs = new ArrayList<>();
        for (int i = 0; i < layers.size(); i++) {
            int number = i;
            jobs.add(() -> {
                try (LayerStream stream = LayerStream.open(source, layers.get(number), limits, bytes, cancellation)) {
                    LayerIndex index = LayerIndex.read(stream, limits, entries);
                    requireDiffId(layers.get(number), diffIds.get(number), index.diffId());
                    indexed.layer(number);
                    return index;
                } catch (IOException e) {
                    throw AtomicFiles.explain("read layer " + layers.get(number).digest(), e);
                }
            });
        }
        return Tasks.runAll(jobs, Runtime.getRuntime().availableProcessors(), cancellation);
    }

    private static void requireDiffId(Descriptor layer, Digest expected, Digest actual) {
        if (!expected.equals(actual)) {
            throw OciException.corrupt(
                    "oci.diff-id-mismatch",
                    "Flattening the image failed: layer " + layer.digest() + " is " + actual
                            + " when uncompressed, and the config says " + expected + ".");
        }
    }

    private void deliverFiles(
            Descriptor layer,
            LayerSource source,
            Map<Integer, ResolvedTree.File> files,
            TreeSink sink,
            Cancellation cancellation)
            throws IOException {
        int left = files.size();
        if (left == 0) {
            return;
        }
        // The first reading has counted already.
        try (LayerStream stream = LayerStream.open(source, layer, limits, new AtomicLong(), cancellation)) {
            TarReader tar = new TarReader(stream);
            for (int ordinal = 0; left > 0; ordinal++) {
                Optional<TarHeader> header = tar.next();
                ResolvedTree.File file = files.get(ordinal);
                if (header.isEmpty() || (file != null && !file.isContentOf(header.get()))) {
                    throw OciException.corrupt(
                            "oci.content-changed", "Layer " + layer.digest() + " has changed while it was read.");
                }
                if (file != null) {
                    try (InputStream content = tar.content()) {
                        sink.add(file.entry(), content);
                    }
                    left--;
                }
            }
        }
    }
}
