package dev.slipway.oci.transfer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Retry;
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
    private final Arrivals arrivals;
    private final PullProgress progress;
    private final Retry retry;
    private final Cancellation cancellation;

    BlobPull(ContentStore store, Arrivals arrivals, PullProgress progress, Retry retry, Cancellation cancellation) {
        this.store = store;
        this.arrivals = arrivals;
        this.progress = progress;
        this.retry = retry;
        this.cancellation = cancellation;
    }

    /** Pulls the blob from the first source that gives it, each going on where the one before stopped. */
    void pull(Descriptor blob, Sources sources) {
        try (Ingest ingest = store.ingest(blob.digest(), blob.size(), cancellation)) {
            reached(blob, ingest);
            sources.first(transport -> {
                boolean resumed = ingest.offset() > 0;
                if (!filled(blob, ingest, transport, resumed)) {
                    // What an earlier run or another source had left was damaged; it is gone now.
                    filled(blob, ingest, transport, false);
                }
                return blob;
            });
        }
        arrivals.complete(blob.digest());
    }

    /** Fetches what is missing and publishes the blob; false when it proved wrong and that may be forgiven. */
    private boolean filled(Descriptor blob, Ingest ingest, Transport transport, boolean forgiving) {
        try {
            fill(blob, ingest, transport);
            ingest.commit();
            return true;
        } catch (OciException e) {
            if (e.code().equals("oci.digest-mismatch")) {
                arrivals.restart(blob.digest());
                if (forgiving) {
                    return false;
                }
            }
            throw e;
        }
    }

    private void fill(Descriptor blob, Ingest ingest, Transport transport) {
        if (ingest.offset() == blob.size()) {
            return;
        }
        Fetcher.retry(retry, cancellation, () -> {
            while (ingest.offset() < blob.size()) {
                long before = ingest.offset();
                try {
                    read(ingest, blob, transport);
                } catch (CodedException e) {
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
                arrivals.restart(blob.digest());
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
        while (ingest.offset() < blob.size()) {
            int read = in.read(buffer, 0, (int) Math.min(BUFFER, blob.size() - ingest.offset()));
            if (read < 0) {
                throw OciException.corrupt(
                        "oci.size-mismatch",
                        "Reading " + blob.digest() + " failed: it ended after " + ingest.offset() + " of " + blob.size()
                                + " bytes.");
            }
            cancellation.throwIfCancelled();
            ingest.write(buffer, 0, read);
            reached(blob, ingest);
        }
        if (in.read() >= 0) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Reading " + blob.digest() + " failed: it goes on after its " + blob.size() + " bytes.");
        }
    }

    private void reached(Descriptor blob, Ingest ingest) {
        arrivals.advance(blob.digest(), ingest.file(), ingest.offset());
        progress.reached(blob, ingest.offset());
    }
}
