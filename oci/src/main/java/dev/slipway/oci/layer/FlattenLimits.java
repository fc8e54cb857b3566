package dev.slipway.oci.layer;

import dev.slipway.base.ByteSize;

/**
 * What a hostile image may not exceed.
 *
 * @param entries in all layers together
 * @param bytes of all layers together, uncompressed
 * @param ratio how many times its compressed size a layer may have, uncompressed, past {@code ratioFreeBytes}
 * @param ratioFreeBytes of a layer, uncompressed, to which the ratio does not apply
 */
public record FlattenLimits(long entries, ByteSize bytes, int ratio, ByteSize ratioFreeBytes) {
    /** 4 million entries, 1 TiB, ratio 500 past 1 GiB. */
    public static FlattenLimits defaults() {
        return new FlattenLimits(4_000_000, ByteSize.ofMebibytes(1 << 20), 500, ByteSize.ofMebibytes(1024));
    }
}
