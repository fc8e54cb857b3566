package dev.slipway.oci.lazy;

/** Ways in which a test layer is stored. */
enum Format {
    STARGZ,
    LEGACY_STARGZ,
    EXTERNAL_STARGZ,
    CHUNKED,
    OLD_CHUNKED,
    GZIP,
    ZSTD,
    PLAIN;

    boolean zstd() {
        return this == CHUNKED || this == OLD_CHUNKED || this == ZSTD;
    }

    /** Whether single files can be read of it. */
    boolean indexed() {
        return this == STARGZ || this == LEGACY_STARGZ || this == CHUNKED || this == OLD_CHUNKED;
    }
}
