package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** A place that holds one repository's images, such as a registry or a content store. */
public interface Transport {
    /** Names the place, for messages. */
    String description();

    /**
     * Reads a manifest or an index whose bytes match their digest.
     *
     * @param target a tag or a digest
     */
    ManifestDocument manifest(String target, Cancellation cancellation);

    /**
     * Asks which manifest a tag names, without reading it; empty when the place cannot say so cheaply or has no such tag.
     *
     * @param target a tag or a digest
     */
    default Optional<Digest> resolve(String target, Cancellation cancellation) {
        return Optional.empty();
    }

    /**
     * Opens a blob, in the middle when that is possible.
     *
     * @param offset where to begin, less than the blob's size
     */
    BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation);

    /**
     * Opens a part of a blob, when that is possible. The stream may go on behind the part, and a place that can give no parts
     * begins at 0.
     *
     * @param offset where the part begins, less than the blob's size
     * @param length of the part, at least 1 and not beyond the blob's end
     */
    default BlobStream part(Descriptor descriptor, long offset, long length, Cancellation cancellation) {
        return blob(descriptor, offset, cancellation);
    }

    /**
     * A blob's bytes as they arrive, not yet checked.
     *
     * @param offset where in the blob the stream begins: what was asked for, or 0 when the place cannot begin in the middle
     */
    record BlobStream(InputStream in, long offset) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
