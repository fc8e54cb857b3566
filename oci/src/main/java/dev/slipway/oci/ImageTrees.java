package dev.slipway.oci;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.diff.SummarySink;
import dev.slipway.oci.diff.TreeSummary;
import dev.slipway.oci.layer.FlattenLimits;
import dev.slipway.oci.layer.Flattener;
import dev.slipway.oci.layer.LayerSource;
import dev.slipway.oci.transfer.ImageChoice;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.oci.transfer.PulledImage;
import dev.slipway.oci.transfer.Puller;
import dev.slipway.oci.transfer.RunningPull;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.CheckedBlob;
import dev.slipway.oci.transport.ImageLocation;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.tree.TreeSink;
import java.util.concurrent.atomic.LongAdder;

/** Turns images into trees, wherever they lie; those of registries while they arrive. */
final class ImageTrees {
    private final ContentStore store;
    private final Puller puller;
    private final ImagePlaces places;
    private final Flattener flattener = new Flattener(FlattenLimits.defaults());

    ImageTrees(ContentStore store, Puller puller, ImagePlaces places) {
        this.store = store;
        this.puller = puller;
        this.places = places;
    }

    /** Flattens an image into a sink; when this returns, every byte of it has been verified. */
    FlattenedImage flatten(
            ImageLocation location,
            PullOptions options,
            TreeSink sink,
            ProgressListener progress,
            Cancellation cancellation) {
        if (location instanceof ImageLocation.Registry(var reference)) {
            return pullAndFlatten(reference, options, sink, progress, cancellation);
        }
        try (ImageSource source = places.source(location, new LongAdder(), cancellation)) {
            ImageChoice choice = ImageChoice.read(source, options.platform(), cancellation);
            BlobSource blobs = BlobSource.of(source);
            LayerSource layers = (layer, own) -> new CheckedBlob(layer, blobs, _ -> {}, own);
            flattener.flatten(choice.manifest(), choice.config(), layers, sink, progress, cancellation);
            return new FlattenedImage(choice.manifest().digest(), 0);
        }
    }

    /** Flattens an image and keeps what is compared. */
    TreeSummary summary(
            ImageLocation location, PullOptions options, ProgressListener progress, Cancellation cancellation) {
        SummarySink sink = new SummarySink(cancellation);
        flatten(location, options, sink, progress, cancellation);
        return sink.summary();
    }

    private FlattenedImage pullAndFlatten(
            ImageReference reference,
            PullOptions options,
            TreeSink sink,
            ProgressListener progress,
            Cancellation cancellation) {
        try (RunningPull pull = puller.start(reference, options, store, progress, cancellation)) {
            flattener.flatten(pull.manifest(), pull.config(), pull.layers(), sink, progress, cancellation);
            PulledImage image = pull.await();
            return new FlattenedImage(image.manifestDigest(), image.bytesFetched());
        }
    }
}
