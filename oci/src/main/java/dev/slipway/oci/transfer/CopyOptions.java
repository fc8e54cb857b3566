package dev.slipway.oci.transfer;

import dev.slipway.oci.Platform;
import java.util.Optional;

/**
 * How to copy an image.
 *
 * @param platform which image to take from an index; empty to copy the index with all of them
 * @param layers whether plain layers are compressed on the way
 * @param concurrency how many blobs are copied side by side, at least 1
 */
public record CopyOptions(Optional<Platform> platform, Layers layers, int concurrency) {
    /** What happens to layers that are plain tar archives. */
    public enum Layers {
        /** Compressed when the place prefers that and the image has no manifest of its own whose digest would change. */
        AS_SUITS,
        /** Copied as they are. */
        KEEP,
        /** Compressed with gzip, the same way each time. */
        GZIP
    }

    public CopyOptions {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: " + concurrency);
        }
    }

    /** The image for this host, four blobs at a time. */
    public static CopyOptions defaults() {
        return new CopyOptions(Optional.of(Platform.host()), Layers.AS_SUITS, 4);
    }

    public CopyOptions withPlatform(Platform newPlatform) {
        return new CopyOptions(Optional.of(newPlatform), layers, concurrency);
    }

    /** Copies an index with all its images. */
    public CopyOptions withAllPlatforms() {
        return new CopyOptions(Optional.empty(), layers, concurrency);
    }

    public CopyOptions withLayers(Layers newLayers) {
        return new CopyOptions(platform, newLayers, concurrency);
    }

    public CopyOptions withConcurrency(int newConcurrency) {
        return new CopyOptions(platform, layers, newConcurrency);
    }
}
