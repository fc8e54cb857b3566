package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.CollectOptions;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.Destination;
import java.util.function.LongConsumer;

/** Collects what nothing needs whenever something was written. */
record Collecting(Destination destination, ContentStore store, CollectOptions options) implements Destination {
    @Override
    public String description() {
        return destination.description();
    }

    @Override
    public boolean has(Descriptor content, Cancellation cancellation) {
        boolean here = destination.has(content, cancellation);
        collect();
        return here;
    }

    @Override
    public void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        destination.putBlob(blob, source, arrived, cancellation);
        collect();
    }

    @Override
    public void putManifest(ManifestDocument manifest, Cancellation cancellation) {
        destination.putManifest(manifest, cancellation);
        collect();
    }

    @Override
    public void publish(ManifestDocument root, Cancellation cancellation) {
        collect();
        destination.publish(root, cancellation);
        collect();
    }

    private void collect() {
        store.collect(options, ProgressListener.NONE, Cancellation.never());
    }

    @Override
    public void close() {
        destination.close();
    }
}
