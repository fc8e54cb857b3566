package dev.slipway.oci;

import java.util.List;

/**
 * A name in the content store and what it stands for.
 *
 * @param descriptor a manifest or an index
 * @param platforms those of the index, or the one of the image; empty when they are not known
 * @param size of all documents and blobs that are here, in bytes; what two layers share counts once
 * @param complete whether all blobs of at least one platform are here
 */
public record StoredImage(String name, Descriptor descriptor, List<Platform> platforms, long size, boolean complete) {
    public StoredImage {
        platforms = List.copyOf(platforms);
    }
}
