package dev.slipway.oci.content;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The taking in of one blob. Closing it before {@link #commit} keeps what has arrived, so that a later ingest of the same
 * digest goes on from there. For one thread at a time.
 */
public interface Ingest extends AutoCloseable {
    /** How many bytes are here already; the next write goes there. Equals the blob's size when nothing is left to do. */
    long offset();

    /**
     * The file that grows while bytes arrive, and that is the blob after {@link #commit}: whoever has opened it before
     * goes on reading the same file. It holds {@link #offset} good bytes at least. Empty when the store has no files.
     */
    default Optional<Path> file() {
        return Optional.empty();
    }

    /**
     * Appends bytes.
     *
     * @throws dev.slipway.oci.OciException {@code oci.size-mismatch} past the expected size; what had arrived is dropped
     */
    void write(byte[] buffer, int from, int length);

    /** Drops what has arrived, for a source that cannot go on in the middle. */
    void restart();

    /**
     * Checks size and digest and makes the blob visible, durably.
     *
     * @throws dev.slipway.oci.OciException {@code oci.size-mismatch} when bytes are still missing (they may follow),
     *     {@code oci.digest-mismatch} when the bytes are wrong; then they are dropped
     */
    void commit();

    @Override
    void close();
}
