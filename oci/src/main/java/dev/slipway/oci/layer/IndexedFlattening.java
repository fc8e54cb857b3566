package dev.slipway.oci.layer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Tasks;
import dev.slipway.oci.Descriptor;
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
 * Flattens in two passes. First the headers of all layers are read, side by side, each layer to its end and against its diff
 * id; from them alone it is decided what the tree holds. Then each layer that has surviving files is read once more and
 * gives their content. Nothing reaches the sink before all layers have proved right.
 */
final class IndexedFlattening {
    private final LayerStack stack;
    private final FlattenLimits limits;
    private final UnpackProgress progress;
    private final AtomicLong passed = new AtomicLong();

    IndexedFlattening(LayerStack stack, FlattenLimits limits, UnpackProgress progress) {
        this.stack = stack;
        this.limits = limits;
        this.progress = progress;
    }

    void into(TreeSink sink, LayerSource source, Cancellation cancellation) throws IOException {
        ResolvedTree tree = new TreeResolver().resolve(index(source, cancellation));
        tree.deliverNames(sink);
        for (int layer = 0; layer < stack.size(); layer++) {
            deliverFiles(layer, source, tree.files(layer), sink, cancellation);
            passed(layer);
        }
        tree.deliverHardLinks(sink);
    }

    /** Each layer is passed twice. */
    private void passed(int layer) {
        progress.at(passed.addAndGet(stack.layers().get(layer).size()) / 2);
    }

    private List<LayerIndex> index(LayerSource source, Cancellation cancellation) {
        FlattenBudget budget = new FlattenBudget(limits);
        List<Callable<LayerIndex>> jobs = new ArrayList<>();
        for (int i = 0; i < stack.size(); i++) {
            int number = i;
            jobs.add(() -> index(number, source, budget, cancellation));
        }
        return Tasks.runAll(jobs, Runtime.getRuntime().availableProcessors(), cancellation);
    }

    private LayerIndex index(int number, LayerSource source, FlattenBudget budget, Cancellation cancellation) {
        Descriptor layer = stack.layers().get(number);
        try (LayerReader reader =
                LayerReader.open(source, layer, Optional.of(stack.diffIds().get(number)), budget, cancellation)) {
            LayerIndex index = LayerIndex.read(reader, budget);
            stack.requireDiffId(number, index.diffId());
            passed(number);
            return index;
        } catch (IOException e) {
            throw AtomicFiles.explain("read layer " + layer.digest(), e);
        }
    }

    private void deliverFiles(
            int number,
            LayerSource source,
            Map<Integer, ResolvedTree.File> files,
            TreeSink sink,
            Cancellation cancellation)
            throws IOException {
        int left = files.size();
        if (left == 0) {
            return;
        }
        Descriptor layer = stack.layers().get(number);
        try (LayerReader reader =
                LayerReader.open(source, layer, Optional.empty(), new FlattenBudget(limits), cancellation)) {
            TarReader tar = new TarReader(reader);
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
