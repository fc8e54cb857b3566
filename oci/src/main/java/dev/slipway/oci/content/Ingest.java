package dev.slipway.oci.content;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
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
    Optional<Path> file();

    /**
     * Appends bytes.
     *
     * @throws dev.slipway.base.CodedException {@code oci.size-mismatch} past the expected size, what had arrived is
     *     dropped; {@code oci.disk-full}, what had arrived stays
     */
    void write(byte[] buffer, int from, int length);

    /** Appends what remains in the buffer. */
    default void write(ByteBuffer buffer) {
        if (buffer.hasArray()) {
            write(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
            buffer.position(buffer.limit());
        } else {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            write(bytes, 0, bytes.length);
        }
    }

    /** Drops what has arrived, for a source that cannot go on in the middle. */
    void restart();

    /**
     * Checks size and digest and makes the blob visible, durably.
     *
     * @throws dev.slipway.oci.OciException {@code oci.size-mismatch} when bytes are still missing (they may follow),
     *     {@code oci.digest-mismatch} when the bytes are wrong; then they are dropped
     */
    default void commit() {
        commit(Duration.ZERO);
    }

    /** Like {@link #commit()}, and keeps the blob for at least that long from now, as {@link Retention#hold} does. */
    void commit(Duration hold);

    @Override
    void close();
}
