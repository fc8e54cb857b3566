package dev.slipway.oci.tree;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes that come in pieces as large as they are at hand, so that nobody has to copy them on their way.
 *
 * <p>The content that a {@link TreeSink} is given is of this kind where that is possible; a sink then takes it either way, as
 * a stream or in pieces.
 */
public interface ByteChunks {
    /** What follows next: never empty but at the end, and valid until the next call. */
    ByteBuffer next() throws IOException;
}
