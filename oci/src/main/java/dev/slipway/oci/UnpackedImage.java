package dev.slipway.oci;

import dev.slipway.base.Digest;
import dev.slipway.oci.tree.SinkReport;
import java.nio.file.Path;

/**
 * An image that lies in a directory.
 *
 * @param image the name it was asked for by, written out
 * @param manifest what was unpacked
 * @param report what the directory could not hold
 * @param bytesFetched how many bytes came over the network
 */
public record UnpackedImage(String image, Digest manifest, Path folder, SinkReport report, long bytesFetched) {}
