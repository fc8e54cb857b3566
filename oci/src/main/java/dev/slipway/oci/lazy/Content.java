package dev.slipway.oci.lazy;

import dev.slipway.base.Digest;
import java.util.List;
import java.util.Optional;

/** Where a file's content lies. */
sealed interface Content {
    /** Nowhere: an empty file, or none. */
    record Empty() implements Content {}

    /**
     * In a blob whose table of contents says so.
     *
     * @param digest of the whole content
     */
    record Chunks(List<Chunk> chunks, Optional<Digest> digest, Codec codec) implements Content {
        public Chunks {
            chunks = List.copyOf(chunks);
        }
    }

    /**
     * In an archive that has to be read from its beginning.
     *
     * @param ordinal which entry of the archive it is
     * @param digest as it was when the archive proved right
     */
    record Streamed(int ordinal, Digest digest) implements Content {}

    /** At hand, and verified. */
    record Kept(byte[] bytes) implements Content {}
}
