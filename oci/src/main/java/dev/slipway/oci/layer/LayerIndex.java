package dev.slipway.oci.layer;

import dev.slipway.base.Digest;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The headers of one layer, in the order of the archive.
 *
 * @param diffId the digest of the uncompressed layer, read to its very end
 */
record LayerIndex(List<TarHeader> headers, Digest diffId) {
    /** Reads a layer to its end. */
    static LayerIndex read(LayerReader reader, FlattenBudget budget) throws IOException {
        TarReader tar = new TarReader(reader);
        List<TarHeader> headers = new ArrayList<>();
        for (Optional<TarHeader> header = tar.next(); header.isPresent(); header = tar.next()) {
            headers.add(header.get());
            budget.entry();
        }
        return new LayerIndex(headers, reader.drain());
    }
}
