package dev.slipway.oci.transport;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.io.InputStream;

/**
 * Gives the stored bytes of blobs to whoever sends them on. A blob may be opened several times, as when an upload was cut
 * and goes on in the middle.
 */
@FunctionalInterface
public interface BlobSource {
    /**
     * Opens a blob.
     *
     * @param offset how many bytes to leave out at the beginning, from 0 to the blob's size
     * @throws dev.slipway.base.CodedException when the blob is not to be had
     */
    InputStream open(Descriptor blob, long offset, Cancellation cancellation);

    /** Blobs that lie in a content store. */
    static BlobSource of(ContentStore store) {
        return (blob, offset, _) -> skip(store.open(blob.digest()), offset, blob);
    }

    /** Blobs straight from another place. Their bytes are not checked on the way: the receiver does that. */
    static BlobSource of(Transport transport) {
        return (blob, offset, cancellation) -> {
            if (blob.size() == offset) {
                return InputStream.nullInputStream();
            }
            Transport.BlobStream stream = transport.blob(blob, offset, cancellation);
            return skip(stream.in(), offset - stream.offset(), blob);
        };
    }

    private static InputStream skip(InputStream in, long length, Descriptor blob) {
        try {
            in.skipNBytes(length);
            return in;
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + blob.digest(), e);
        }
    }
}
