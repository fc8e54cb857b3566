package dev.slipway.oci.transport;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.content.Lease;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.LongConsumer;

/** A content store, or an OCI image layout, that an image is written to. */
public final class ContentDestination implements Destination {
    private static final int BUFFER = 1 << 17;

    /** Longer than a process is ever paused; it is renewed while this one lives. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final ContentStore store;
    private final String name;
    private final Lease lease;

    /**
     * Writes into a store, which stays open.
     *
     * @param name the reference that shall name the image; empty for none, so that it is found by its digest only
     */
    public ContentDestination(ContentStore store, String name) {
        this.store = store;
        this.name = name;
        this.lease = store.lease(LEASE, name.isEmpty() ? "writing an image" : "writing " + name);
    }

    @Override
    public String description() {
        return "the content store";
    }

    @Override
    public boolean has(Descriptor content, Cancellation cancellation) {
        // Protected first, and looked for then: a collection beside this must not take what was said to be here.
        return lease.protect(content.digest());
    }

    @Override
    public void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        lease.protect(blob.digest());
        try (Ingest ingest = store.ingest(blob.digest(), blob.size(), cancellation)) {
            arrived.accept(ingest.offset());
            if (ingest.offset() < blob.size()) {
                fill(ingest, blob, source, arrived, cancellation);
            }
            ingest.commit();
        }
    }

    private static void fill(
            Ingest ingest, Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        try (InputStream in = source.open(blob, ingest.offset(), cancellation)) {
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                cancellation.throwIfCancelled();
                ingest.write(buffer, 0, read);
                arrived.accept(ingest.offset());
            }
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("copy " + blob.digest(), e);
        }
    }

    @Override
    public void putManifest(ManifestDocument manifest, Cancellation cancellation) {
        lease.protect(manifest.digest());
        store.put(manifest.digest(), manifest.bytes());
    }

    @Override
    public void publish(ManifestDocument root, Cancellation cancellation) {
        putManifest(root, cancellation);
        lease.require();
        if (!name.isEmpty()) {
            store.tag(name, root.descriptor());
        }
    }

    @Override
    public void close() {
        // What has arrived stays until it is collected: a later writer goes on from there.
        lease.close();
    }
}
