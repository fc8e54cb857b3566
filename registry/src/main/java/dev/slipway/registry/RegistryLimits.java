package dev.slipway.registry;

import dev.slipway.base.ByteSize;
import dev.slipway.oci.ManifestDocument;
import java.time.Duration;

/**
 * How much one registry takes.
 *
 * @param maxBlob larger uploads are refused with 413
 * @param maxUploads more bodies than these are not taken in at once: 429
 * @param maxTags more {@code tag} parameters than these in one request are refused with 414
 * @param hold for how long a blob that a client was told is here is kept from collection
 */
public record RegistryLimits(ByteSize maxBlob, int maxUploads, int maxTags, Duration hold) {
    /** Manifests are refused with 413 above what every part of Slipway reads. */
    public static final ByteSize MAX_MANIFEST = ManifestDocument.MAX_SIZE;

    public RegistryLimits {
        if (maxUploads < 1 || maxTags < 1) {
            throw new IllegalArgumentException("a registry takes at least one upload and one tag");
        }
    }

    /** 1 TiB a blob, 256 uploads at once, 100 tags in a request; blobs are held for half an hour. */
    public static RegistryLimits defaults() {
        return new RegistryLimits(new ByteSize(1L << 40), 256, 100, Duration.ofMinutes(30));
    }
}
