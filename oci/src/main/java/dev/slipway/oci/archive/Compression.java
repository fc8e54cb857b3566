package dev.slipway.oci.archive;

import com.github.luben.zstd.ZstdInputStream;
import dev.slipway.base.ByteSize;
import dev.slipway.oci.OciException;
import dev.slipway.oci.layer.FlattenLimits;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;

/** How a stream is compressed, told by its first bytes. */
enum Compression {
    NONE,
    GZIP,
    ZSTD;

    private static final int MAGIC = 4;
    private static final int BUFFER = 1 << 16;

    /** Looks at the beginning of a stream, which can be reset, and leaves it where it was. */
    static Compression of(InputStream in) throws IOException {
        in.mark(MAGIC);
        byte[] magic = in.readNBytes(MAGIC);
        in.reset();
        if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return GZIP;
        }
        boolean zstd = magic.length == MAGIC
                && magic[0] == 0x28
                && magic[1] == (byte) 0xb5
                && magic[2] == 0x2f
                && magic[3] == (byte) 0xfd;
        return zstd ? ZSTD : NONE;
    }

    /**
     * Expands a stream.
     *
     * @param size how many bytes it has as it is; far more when expanded are refused
     */
    static InputStream expand(InputStream in, long size) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        return switch (of(buffered)) {
            case NONE -> buffered;
            case GZIP -> new Bounded(new GZIPInputStream(buffered, BUFFER), size);
            case ZSTD -> new Bounded(new ZstdInputStream(buffered).setContinuous(false), size);
        };
    }

    /** Ends what was made to fill the disk. */
    private static final class Bounded extends FilterInputStream {
        private final long size;
        private long count;

        Bounded(InputStream in, long size) {
            super(in);
            this.size = size;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read = in.read(buffer, from, length);
            count += Math.max(read, 0);
            FlattenLimits limits = FlattenLimits.defaults();
            ByteSize free = limits.ratioFreeBytes();
            if (count > free.bytes() && count / limits.ratio() > size) {
                throw OciException.invalid(
                        "oci.image-too-large",
                        "Expanding was refused: it gives more than " + limits.ratio() + " times the compressed size.");
            }
            return read;
        }
    }
}
