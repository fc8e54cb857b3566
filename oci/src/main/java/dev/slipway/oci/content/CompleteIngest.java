package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import dev.slipway.oci.OciException;

/** The ingest of a blob that is here already. */
record CompleteIngest(long offset) implements Ingest {
    static CompleteIngest of(Digest digest, long present, long expected) {
        if (present != expected) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Taking in " + digest + " failed: it has " + present + " bytes, not the " + expected
                            + " announced.");
        }
        return new CompleteIngest(present);
    }

    @Override
    public void write(byte[] buffer, int from, int length) {
        // The bytes are here, checked; whatever is sent again changes nothing.
    }

    @Override
    public void restart() {}

    @Override
    public void commit() {}

    @Override
    public void close() {}
}
