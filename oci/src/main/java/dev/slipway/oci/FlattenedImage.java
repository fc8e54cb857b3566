package dev.slipway.oci;

import dev.slipway.base.Digest;

/**
 * What was flattened.
 *
 * @param manifest the image that was chosen
 * @param bytesFetched how many bytes came over the network
 */
record FlattenedImage(Digest manifest, long bytesFetched) {}
