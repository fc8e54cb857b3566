package dev.slipway.oci.tree;

import java.io.IOException;
import java.io.InputStream;

/** A way to lay entries out in a staging folder and to give that its name. */
interface TreeWriter extends AutoCloseable {
    void add(TreeEntry entry, InputStream content) throws IOException;

    void reset() throws IOException;

    /** Gives directories what entries that follow would undo or be hindered by. */
    void finish() throws IOException;

    /** Gives the root its attributes and the staging folder its name. */
    void publish() throws IOException;

    SinkReport report();

    /** Removes what was not published. */
    @Override
    void close() throws IOException;
}
