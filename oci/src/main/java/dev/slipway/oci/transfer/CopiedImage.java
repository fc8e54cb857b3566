package dev.slipway.oci.transfer;

import dev.slipway.oci.Descriptor;
import java.util.List;

/**
 * What a copy has done.
 *
 * @param source what was copied, as the source has it: an index, or a manifest
 * @param written the same as the destination has it; another digest only when {@code changes} says why
 * @param changes what had to be written otherwise than it was, for people; usually empty
 * @param blobsCopied configs and layers whose bytes were moved
 * @param blobsPresent those that the destination had already, or took over from another of its repositories
 * @param bytesCopied the size of the blobs copied, as they were at the source
 */
public record CopiedImage(
        Descriptor source,
        Descriptor written,
        List<String> changes,
        int blobsCopied,
        int blobsPresent,
        long bytesCopied) {
    public CopiedImage {
        changes = List.copyOf(changes);
    }
}
