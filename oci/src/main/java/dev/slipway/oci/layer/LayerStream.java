package dev.slipway.oci.layer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;

/** A layer's uncompressed bytes, hashed and counted on their way. How they are compressed is seen from the bytes. */
final class LayerStream extends InputStream {
    private static final int MAGIC = 4;

    private final InputStream in;
    private final Descriptor layer;
    private final FlattenLimits limits;
    private final AtomicLong allBytes;
    private final Cancellation cancellation;
    private final MessageDigest hasher = Digest.hasher("sha256");
    private long count;

    private LayerStream(
            InputStream in, Descriptor layer, FlattenLimits limits, AtomicLong allBytes, Cancellation cancellation) {
        this.in = in;
        this.layer = layer;
        this.limits = limits;
        this.allBytes = allBytes;
        this.cancellation = cancellation;
    }

    /**
     * Opens a layer.
     *
     * @param allBytes counts over all layers
     */
    static LayerStream open(
            LayerSource source, Descriptor layer, FlattenLimits limits, AtomicLong allBytes, Cancellation cancellation)
            throws IOException {
        InputStream blob = source.open(layer, cancellation);
        try {
            return new LayerStream(decompress(blob, layer), layer, limits, allBytes, cancellation);
        } catch (IOException | RuntimeException e) {
            blob.close();
            throw e;
        }
    }

    private static InputStream decompress(InputStream blob, Descriptor layer) throws IOException {
        PushbackInputStream in = new PushbackInputStream(blob, MAGIC);
        byte[] magic = in.readNBytes(MAGIC);
        in.unread(magic);
        if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return new GzipStream(in);
        }
        boolean zstd = magic.length == MAGIC
                && magic[0] == 0x28
                && magic[1] == (byte) 0xb5
                && magic[2] == 0x2f
                && magic[3] == (byte) 0xfd;
        if (zstd) {
            throw new OciException(
                    "oci.unsupported-compression",
                    ErrorKind.INVALID,
                    "Reading layer " + layer.digest() + " failed: it is compressed with zstd, which this version of"
                            + " Slipway cannot read.",
                    "Use an image whose layers are compressed with gzip.",
                    null);
        }
        return in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        cancellation.throwIfCancelled();
        int read = in.read(buffer, from, length);
        if (read > 0) {
            hasher.update(buffer, from, read);
            count += read;
            checkLimits(allBytes.addAndGet(read));
        }
        return read;
    }

    private void checkLimits(long all) {
        if (all > limits.bytes().bytes()) {
            throw tooLarge("the layers have more than " + limits.bytes() + " when uncompressed");
        }
        if (count > limits.ratioFreeBytes().bytes() && count / limits.ratio() > layer.size()) {
            throw tooLarge("layer " + layer.digest() + " has more than " + limits.ratio()
                    + " times its compressed size when uncompressed");
        }
    }

    static OciException tooLarge(String why) {
        return OciException.invalid("oci.image-too-large", "Flattening the image was refused: " + why + ".");
    }

    /** Reads to the end and returns the digest of everything. */
    Digest drain() throws IOException {
        byte[] buffer = new byte[1 << 16];
        int read;
        do {
            read = read(buffer, 0, buffer.length);
        } while (read >= 0);
        return Digest.of("sha256", hasher.digest());
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
