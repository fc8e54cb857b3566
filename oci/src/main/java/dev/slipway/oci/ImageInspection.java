package dev.slipway.oci;

import java.util.List;

/**
 * What can be said about an image without its layers.
 *
 * @param name what it was asked for by, written out
 * @param resolved what the name stands for: an index, or the manifest itself
 * @param platforms those of the index, or the one of the image
 * @param manifest the one for the platform that was asked for
 */
public record ImageInspection(
        String name, Descriptor resolved, List<Platform> platforms, ImageManifest manifest, ImageConfig config) {
    public ImageInspection {
        platforms = List.copyOf(platforms);
    }

    /** What a pull has to fetch into an empty store, in bytes. */
    public long size() {
        return manifest.config().size()
                + manifest.layers().stream().mapToLong(Descriptor::size).sum();
    }
}
