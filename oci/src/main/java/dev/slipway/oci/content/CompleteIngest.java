package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import dev.slipway.oci.OciException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** The ingest of a blob that is here already. */
record CompleteIngest(ContentStore store, Digest digest, long offset) implements Ingest {
    static CompleteIngest of(ContentStore store, Digest digest, long present, long expected) {
        if (present != expected) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Taking in " + digest + " failed: it has " + present + " bytes, not the " + expected
                            + " announced.");
        }
        return new CompleteIngest(store, digest, present);
    }

    @Override
    public Optional<Path> file() {
        return store.file(digest);
    }

    @Override
    public void write(byte[] buffer, int from, int length) {
        // The bytes are here, checked; whatever is sent again changes nothing.
    }

    @Override
    public void restart() {}

    @Override
    public void commit(Duration hold) {
        if (!store.hold(digest, hold)) {
            throw OciException.missing(
                    "oci.content-missing",
                    "Taking in " + digest + " failed: it was here at first, but has been removed since.");
        }
    }

    @Override
    public void close() {}
}
