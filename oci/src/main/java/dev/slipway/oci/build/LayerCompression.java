package dev.slipway.oci.build;

import com.github.luben.zstd.ZstdOutputStream;
import dev.slipway.oci.MediaTypes;
import java.io.IOException;
import java.io.OutputStream;

/** How a built layer is compressed: always with the same settings, so that the same content gives the same bytes. */
public enum LayerCompression {
    NONE(MediaTypes.LAYER_TAR),
    /** What every tool reads. */
    GZIP(MediaTypes.LAYER_TAR_GZIP),
    /** Smaller than gzip and several times as fast to expand. */
    ZSTD(MediaTypes.LAYER_TAR_ZSTD);

    private static final int ZSTD_LEVEL = 9;

    private final String mediaType;

    LayerCompression(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The media type of a layer compressed so. */
    public String mediaType() {
        return mediaType;
    }

    /** Compresses what is written, into a stream that is closed with the one returned. */
    OutputStream compress(OutputStream out) throws IOException {
        return switch (this) {
            case NONE -> out;
            case GZIP -> new PlainGzipOutputStream(out);
            // One thread: with several, the bytes would depend on how the work was shared.
            case ZSTD -> new ZstdOutputStream(out, ZSTD_LEVEL).setChecksum(true).setWorkers(0);
        };
    }
}
