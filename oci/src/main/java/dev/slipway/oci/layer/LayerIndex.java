package dev.slipway.oci.layer;

import dev.slipway.base.Digest;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The headers of one layer, in the order of the archive.
 *
 * @param diffId the digest of the uncompressed layer, read to its very end
 */
record LayerIndex(List<TarHeader> headers, Digest diffId) {
    /**
     * Reads a layer to its end.
     *
     * @param allEntries counts over all layers
     */
    static LayerIndex read(LayerStream stream, FlattenLimits limits, AtomicLong allEntries) throws IOException {
        TarReader tar = new TarReader(stream);
        List<TarHeader> headers = new ArrayList<>();
        for (Optional<TarHeader> header = tar.next(); header.isPresent(); header = tar.next()) {
            headers.add(header.get());
            if (allEntries.incrementAndGet() > limits.entries()) {
                throw LayerStream.tooLarge("the layers have more than " + limits.entries() + " entries");
            }
        }
        return new LayerIndex(headers, stream.drain());
    }
}
