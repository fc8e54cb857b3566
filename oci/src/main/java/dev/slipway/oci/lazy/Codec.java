package dev.slipway.oci.lazy;

import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** How bytes of a layer are compressed. */
enum Codec {
    GZIP,
    ZSTD,
    PLAIN;

    /** What a zstd frame may ask for as a window: 128 MiB, as the format's own tool. */
    private static final int ZSTD_WINDOW_LOG = 27;

    private static final int BUFFER = 1 << 16;

    /** Bytes uncompressed; reading fails with {@code oci.invalid-gzip} or {@code oci.invalid-zstd}. */
    InputStream expand(InputStream compressed) throws IOException {
        try {
            return switch (this) {
                case GZIP -> new Expanded(new GZIPInputStream(compressed, BUFFER));
                case ZSTD -> new Expanded(new ZstdInputStream(compressed).setLongMax(ZSTD_WINDOW_LOG));
                case PLAIN -> compressed;
            };
        } catch (ZipException | EOFException | ZstdIOException e) {
            throw damaged(e);
        }
    }

    /** Recognises the compression by the first bytes, which are put back. */
    static Codec of(PushbackInputStream in) throws IOException {
        byte[] magic = in.readNBytes(4);
        in.unread(magic);
        if (magic.length < 4) {
            return PLAIN;
        }
        boolean skippable = (magic[0] & 0xf0) == 0x50 && magic[1] == 0x2a && magic[2] == 0x4d && magic[3] == 0x18;
        boolean zstd = magic[0] == 0x28 && magic[1] == (byte) 0xb5 && magic[2] == 0x2f && magic[3] == (byte) 0xfd;
        if (skippable || zstd) {
            return ZSTD;
        }
        return magic[0] == 0x1f && magic[1] == (byte) 0x8b ? GZIP : PLAIN;
    }

    private OciException damaged(IOException cause) {
        String code = this == ZSTD ? "oci.invalid-zstd" : "oci.invalid-gzip";
        return new OciException(
                code, ErrorKind.CORRUPT, "Inflating a layer failed: " + cause.getMessage() + ".", "", cause);
    }

    /** Tells damaged bytes from bytes that could not be read. */
    private final class Expanded extends FilterInputStream {
        Expanded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            try {
                return in.read(buffer, from, length);
            } catch (ZipException | EOFException | ZstdIOException e) {
                throw damaged(e);
            }
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, BUFFER)).length;
        }
    }
}
