package dev.slipway.oci.layer;

import dev.slipway.base.Cancellation;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreeSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Flattens in one pass: each layer is inflated once, and its files go to the sink as they come. */
final class StreamedFlattening {
    private final LayerStack stack;
    private final FlattenBudget budget;
    private final UnpackProgress progress;
    private final StreamedTree tree = new StreamedTree();

    StreamedFlattening(LayerStack stack, FlattenBudget budget, UnpackProgress progress) {
        this.stack = stack;
        this.budget = budget;
        this.progress = progress;
    }

    /**
     * Delivers all layers.
     *
     * @return false when the layers turned out to need an index; what was delivered may be wrong then
     */
    boolean into(TreeSink sink, LayerSource source, Cancellation cancellation) throws IOException {
        try (LayerPump pump = new LayerPump(stack, source, budget, cancellation)) {
            try {
                for (int layer = stack.size() - 1; layer >= 0; layer--) {
                    if (!deliver(pump, layer, sink)) {
                        pump.finishReading();
                        return false;
                    }
                }
            } catch (IOException | RuntimeException e) {
                // Ends the wait of whoever reads.
                cancellation.cancel();
                throw e;
            }
        }
        deliver(tree.dueAtEnd(), InputStream.nullInputStream(), sink);
        return true;
    }

    private boolean deliver(LayerPump pump, int layer, TreeSink sink) throws IOException {
        tree.begin(layer);
        LayerPump.Layer bytes = pump.next(layer);
        TarReader tar = new TarReader(bytes);
        for (Optional<TarHeader> header = tar.next(); header.isPresent(); header = tar.next()) {
            budget.entry();
            if (!tree.accept(header.get())) {
                return false;
            }
            deliver(tree.due(), tar.content(), sink);
            progress.at(pump.bytesRead());
        }
        stack.requireDiffId(layer, bytes.drain());
        return true;
    }

    private static void deliver(List<TreeEntry> due, InputStream content, TreeSink sink) throws IOException {
        for (TreeEntry entry : due) {
            sink.add(entry, entry instanceof TreeEntry.RegularFile ? content : InputStream.nullInputStream());
        }
    }
}
