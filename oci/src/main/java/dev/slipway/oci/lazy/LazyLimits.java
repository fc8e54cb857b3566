package dev.slipway.oci.lazy;

import dev.slipway.base.ByteSize;
import dev.slipway.oci.OciException;

/**
 * What a hostile image may not exceed.
 *
 * @param toc of a layer's table of contents, compressed as well as not
 * @param entries in one layer
 * @param file of one file's content
 * @param streamed of a layer without a table of contents, uncompressed
 */
public record LazyLimits(ByteSize toc, int entries, ByteSize file, ByteSize streamed) {
    /** 64 MiB, a million entries, files of 1 TiB, and 64 GiB of a layer that is streamed. */
    public static LazyLimits defaults() {
        return new LazyLimits(
                ByteSize.ofMebibytes(64), 1_000_000, ByteSize.ofMebibytes(1 << 20), ByteSize.ofMebibytes(64 << 10));
    }

    static OciException exceeded(String what) {
        return OciException.invalid("oci.image-too-large", "Reading the image was refused: " + what + ".");
    }
}
