package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.security.MessageDigest;

/** Counts and hashes the bytes of one blob as they arrive. */
final class BlobCheck {
    private final Digest expected;
    private final long size;
    private MessageDigest hasher;
    private long count;

    BlobCheck(Digest expected, long size) {
        this.expected = expected;
        this.size = size;
        this.hasher = expected.hasher();
    }

    Digest expected() {
        return expected;
    }

    long count() {
        return count;
    }

    long missing() {
        return size - count;
    }

    boolean fits(int length) {
        return length <= size - count;
    }

    OciException tooLong() {
        return OciException.corrupt(
                "oci.size-mismatch", "Taking in " + expected + " failed: it goes on after its " + size + " bytes.");
    }

    void update(byte[] buffer, int from, int length) {
        hasher.update(buffer, from, length);
        count += length;
    }

    void restart() {
        hasher = expected.hasher();
        count = 0;
    }

    void requireComplete() {
        if (count != size) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Taking in " + expected + " failed: " + count + " of its " + size + " bytes have arrived.");
        }
    }

    /** The hash of a complete blob; call once. */
    boolean matches() {
        return Digest.of(expected.algorithm(), hasher.digest()).equals(expected);
    }

    OciException wrong() {
        return OciException.corrupt(
                "oci.digest-mismatch",
                "Taking in " + expected + " failed: its " + size + " bytes have another digest. They were dropped.");
    }

    /** A blob at rest whose bytes have changed. */
    static OciException damaged(Digest digest) {
        return new OciException(
                "oci.digest-mismatch",
                ErrorKind.CORRUPT,
                "Reading " + digest + " failed: its bytes on this disk have another digest.",
                "Verify the content store, then pull the image again.",
                null);
    }
}
