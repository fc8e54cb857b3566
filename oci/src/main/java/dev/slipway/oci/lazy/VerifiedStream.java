package dev.slipway.oci.lazy;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A stream of a known length and digest; its end comes only when both proved right. */
final class VerifiedStream extends FilterInputStream {
    private final Descriptor layer;
    private final Optional<Digest> digest;
    private final @Nullable MessageDigest hasher;
    private long left;
    private boolean verified;

    /**
     * Wraps a stream, which may go on behind the length.
     *
     * @param layer what is read, for messages
     */
    VerifiedStream(InputStream in, long length, Optional<Digest> digest, Descriptor layer) {
        super(in);
        this.left = length;
        this.digest = digest;
        this.hasher = digest.map(Digest::hasher).orElse(null);
        this.layer = layer;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        int read = left == 0 ? -1 : in.read(buffer, from, (int) Math.min(length, left));
        if (read < 0) {
            verify();
            return -1;
        }
        left -= read;
        if (hasher != null) {
            hasher.update(buffer, from, read);
        }
        return read;
    }

    private void verify() {
        if (left > 0) {
            throw mismatch(left + " bytes are missing");
        }
        if (hasher != null && !verified) {
            Digest expected = digest.orElseThrow();
            if (!Digest.of(expected.algorithm(), hasher.digest()).equals(expected)) {
                throw mismatch("its bytes do not match " + expected);
            }
            verified = true;
        }
    }

    private OciException mismatch(String why) {
        return OciException.corrupt(
                "oci.digest-mismatch", "Reading a file of layer " + layer.digest() + " failed: " + why + ".");
    }

    @Override
    public long skip(long count) throws IOException {
        return readNBytes((int) Math.min(count, 1 << 16)).length;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
