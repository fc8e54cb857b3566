package dev.slipway.oci.transfer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchException;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.transport.Transport;
import java.io.IOException;
import java.io.InputStream;

/** Brings one blob into the store, going on after every interruption that still brings it forward. */
final class BlobPull {
    private static final int BUFFER = 1 << 17;
    /** A try that gained this much does not count as failed. */
    private static final long GAIN = 1 << 20;

    private final ContentStore store;
    private final PullProgress progress;
    private final Retry retry;
    private final Cancellation cancellation;

    BlobPull(ContentStore store, PullProgress progress, Retry retry, Cancellation cancellation) {
        this.store = store;
        this.progress = progress;
        this.retry = retry;
        this.cancellation = cancellation;
    }

    void pull(Descriptor blob, Transport transport) {
        try (Ingest ingest = store.ingest(blob.digest(), blob.size(), cancellation)) {
            boolean resumed = ingest.offset() > 0;
            progress.reached(blob, ingest.offset());
            try {
                fill(ingest, blob, transport);
                ingest.commit();
            } catch (OciException e) {
                if (!resumed || !e.code().equals("oci.digest-mismatch")) {
                    throw e;
                }
                // What an earlier run had left was damaged; it is gone now.
                fill(ingest, blob, transport);
                ingest.commit();
            }
        }
    }

    private void fill(Ingest ingest, Descriptor blob, Transport transport) {
        Fetcher.retry(retry, cancellation, () -> {
            while (ingest.offset() < blob.size()) {
                long before = ingest.offset();
                try {
                    read(ingest, blob, transport);
                } catch (FetchException e) {
                    if (!e.retryable() || ingest.offset() - before < GAIN) {
                        throw e;
                    }
                }
            }
            return blob;
        });
    }

    private void read(Ingest ingest, Descriptor blob, Transport transport) {
        try (Transport.BlobStream stream = transport.blob(blob, ingest.offset(), cancellation)) {
            if (stream.offset() != ingest.offset()) {
                ingest.restart();
            }
            if (stream.offset() != ingest.offset()) {
                throw OciException.corrupt(
                        "oci.bad-range",
                        "Reading " + blob.digest() + " from " + transport.description()
                                + " failed: it sent another part than the one asked for.");
            }
            copy(stream.in(), ingest, blob);
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + blob.digest(), e);
        }
    }

    private void copy(InputStream in, Ingest ingest, Descriptor blob) throws IOException {
        byte[] buffer = new byte[BUFFER];
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            cancellation.throwIfCancelled();
            ingest.write(buffer, 0, read);
            progress.reached(blob, ingest.offset());
        }
        if (ingest.offset() < blob.size()) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Reading " + blob.digest() + " failed: it ended after " + ingest.offset() + " of " + blob.size()
                            + " bytes.");
        }
    }
}
