package dev.slipway.oci.layer;

import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** Gives a layer's uncompressed bytes. How they are compressed is seen from the bytes; a media type may be wrong. */
sealed interface Decompressor extends AutoCloseable permits GzipDecompressor, ZstdDecompressor, PlainDecompressor {
    /**
     * Puts uncompressed bytes into a direct buffer until it is full or the blob has been read to its very end.
     *
     * @return whether more may follow
     * @throws OciException {@code oci.invalid-gzip}, {@code oci.invalid-zstd}
     */
    boolean fill(ByteBuffer target) throws IOException;

    /** Reads what is left of the blob without looking at it. */
    void drain() throws IOException;

    @Override
    void close() throws IOException;

    /**
     * Opens a layer's stored bytes, which are closed with what is returned, and when this fails.
     *
     * @throws OciException {@code oci.unsupported-compression}
     */
    static Decompressor open(InputStream blob, Descriptor layer, InflateProvider provider) throws IOException {
        CompressedInput input = new CompressedInput(blob);
        try {
            return open(input, layer, provider);
        } catch (IOException | RuntimeException e) {
            input.close();
            throw e;
        }
    }

    private static Decompressor open(CompressedInput input, Descriptor layer, InflateProvider provider)
            throws IOException {
        byte[] magic = input.peek(6);
        if (startsWith(magic, 0x1f, 0x8b)) {
            return new GzipDecompressor(input, provider.open());
        }
        boolean skippable =
                magic.length > 3 && (magic[0] & 0xf0) == 0x50 && startsWith(magic, magic[0], 0x2a, 0x4d, 0x18);
        if (skippable || startsWith(magic, 0x28, 0xb5, 0x2f, 0xfd)) {
            return new ZstdDecompressor(input);
        }
        if (startsWith(magic, 'B', 'Z', 'h')) {
            throw unsupported(layer, "bzip2");
        }
        if (startsWith(magic, 0xfd, '7', 'z', 'X', 'Z', 0)) {
            throw unsupported(layer, "xz");
        }
        return new PlainDecompressor(input);
    }

    private static boolean startsWith(byte[] bytes, int... wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes.length <= i || bytes[i] != (byte) wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static OciException unsupported(Descriptor layer, String how) {
        return new OciException(
                "oci.unsupported-compression",
                ErrorKind.INVALID,
                "Reading layer " + layer.digest() + " failed: it is compressed with " + how
                        + ", which no image may use.",
                "Build the image with gzip or zstd.",
                null);
    }
}
