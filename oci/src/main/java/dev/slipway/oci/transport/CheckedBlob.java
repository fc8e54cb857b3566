package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/**
 * A blob as it is read from its source, counted and hashed: it ends only when size and digest are right.
 */
public final class CheckedBlob extends InputStream {
    private final Descriptor blob;
    private final LongConsumer arrived;
    private final Cancellation cancellation;
    private final MessageDigest hasher;
    private final InputStream in;
    private long count;
    private boolean verified;

    /**
     * Opens a blob.
     *
     * @param arrived hears how many bytes were read so far
     */
    public CheckedBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        this.blob = blob;
        this.arrived = arrived;
        this.cancellation = cancellation;
        this.hasher = blob.digest().hasher();
        this.in = source.open(blob, 0, cancellation);
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        cancellation.throwIfCancelled();
        if (length == 0) {
            return 0;
        }
        int read = in.read(buffer, from, length);
        if (read < 0) {
            verify();
            return read;
        }
        hasher.update(buffer, from, read);
        count += read;
        if (count > blob.size()) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Copying " + blob.digest() + " failed: it goes on after its " + blob.size() + " bytes.");
        }
        arrived.accept(count);
        return read;
    }

    private void verify() {
        if (verified) {
            return;
        }
        if (count != blob.size()) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Copying " + blob.digest() + " failed: it ended after " + count + " of " + blob.size() + " bytes.");
        }
        if (!Digest.of(blob.digest().algorithm(), hasher.digest()).equals(blob.digest())) {
            throw OciException.corrupt(
                    "oci.digest-mismatch",
                    "Copying " + blob.digest() + " failed: its " + count + " bytes have another digest.");
        }
        verified = true;
    }

    /** Reads what is left, so that everything is checked. */
    public void drain() throws IOException {
        transferTo(OutputStream.nullOutputStream());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
