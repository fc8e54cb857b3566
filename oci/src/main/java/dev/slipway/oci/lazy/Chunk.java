package dev.slipway.oci.lazy;

import dev.slipway.base.Digest;
import java.util.Optional;

/**
 * A stretch of a file's content, compressed by itself.
 *
 * @param offset in the blob, where its compressed bytes begin
 * @param end in the blob, behind its last compressed byte
 * @param skip how many uncompressed bytes of other content come first
 * @param size uncompressed
 * @param zeros whether it is nothing but zeros, so that nothing need be read
 */
record Chunk(long offset, long end, long skip, long size, boolean zeros, Optional<Digest> digest) {
    Chunk withDigest(Digest newDigest) {
        return new Chunk(offset, end, skip, size, zeros, Optional.of(newDigest));
    }
}
