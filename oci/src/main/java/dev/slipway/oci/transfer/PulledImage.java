package dev.slipway.oci.transfer;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;

/**
 * An image that lies whole in the content store.
 *
 * @param resolved what the reference names: an index, or the manifest itself
 * @param descriptor the manifest chosen for the platform
 * @param bytesFetched how many bytes of manifests and blobs came over the network
 */
public record PulledImage(
        ImageReference reference,
        Descriptor resolved,
        Descriptor descriptor,
        ImageManifest manifest,
        ImageConfig config,
        long bytesFetched) {
    public Digest manifestDigest() {
        return descriptor.digest();
    }
}
