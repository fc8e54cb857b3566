package dev.slipway.oci.content;

import dev.slipway.base.Digest;

/**
 * The arrival of a blob whose digest is told only at its end, as a registry's upload. Closing it before {@link #commit}
 * keeps what has arrived: {@link ContentStore#staged} goes on from there, in this process or in the next. For one thread
 * at a time.
 */
public interface Staging extends AutoCloseable {
    /** How many bytes are here already; the next write goes there. */
    long offset();

    /** Appends bytes. */
    void write(byte[] buffer, int from, int length);

    /** Drops what goes past {@code length} bytes. */
    void truncate(long length);

    /**
     * Checks the digest and makes the blob visible, durably; the staging has ended then.
     *
     * @throws dev.slipway.oci.OciException {@code oci.digest-mismatch}; the bytes are still here then
     */
    void commit(Digest digest);

    /** Like {@link #commit}, of the bytes from {@code first} on alone. */
    void commitFrom(long first, Digest digest);

    /** Drops everything; the staging has ended then. */
    void discard();

    @Override
    void close();
}
