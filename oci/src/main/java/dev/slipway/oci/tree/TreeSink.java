package dev.slipway.oci.tree;

import java.io.IOException;
import java.io.InputStream;

/**
 * Receives a flattened image: each surviving path exactly once with its final attributes, parents before children, the
 * target of a hard link before the link. The root itself is there from the beginning; the entry that says its attributes
 * comes at any time, first of all where the sink is not {@link #resettable}.
 */
public interface TreeSink {
    /**
     * Receives an entry.
     *
     * @param content the bytes of a {@link TreeEntry.RegularFile}, to be read before this returns; else empty
     */
    void add(TreeEntry entry, InputStream content) throws IOException;

    /**
     * Forgets everything received: the tree comes again from its root. Not after {@link #finish}.
     *
     * @throws UnsupportedOperationException unless {@link #resettable}
     */
    void reset() throws IOException;

    /** Whether {@link #reset} works; where it does not, nothing may be delivered that could turn out wrong. */
    default boolean resettable() {
        return true;
    }

    /** Says that everything has come and has proved right: the moment to set the times of directories. */
    void finish() throws IOException;
}
