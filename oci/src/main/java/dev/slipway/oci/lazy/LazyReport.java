package dev.slipway.oci.lazy;

import dev.slipway.base.Digest;
import java.util.List;

/**
 * What reading has cost so far.
 *
 * @param requests for layers or parts of them
 * @param bytes read of layers, as they are stored
 * @param indexed layers whose table of contents was read
 * @param streamed layers that have no table of contents that can be verified, or lie where parts cannot be read: they were
 *     read from their beginning
 */
public record LazyReport(long requests, long bytes, List<Digest> indexed, List<Digest> streamed) {
    public LazyReport {
        indexed = List.copyOf(indexed);
        streamed = List.copyOf(streamed);
    }
}
