package dev.slipway.oci.content;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Digest;
import java.util.List;

/**
 * What hashing blobs again found.
 *
 * @param checked how many blobs were hashed
 * @param size how many bytes they have
 * @param damaged blobs whose bytes were wrong; a store that may be written holds them no more
 */
public record VerifyReport(long checked, ByteSize size, List<Digest> damaged) {
    public VerifyReport {
        damaged = List.copyOf(damaged);
    }
}
