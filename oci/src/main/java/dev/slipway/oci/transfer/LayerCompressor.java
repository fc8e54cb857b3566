package dev.slipway.oci.transfer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.build.PlainGzipOutputStream;
import dev.slipway.oci.transport.BlobSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.function.LongConsumer;

/**
 * A plain layer compressed into a temporary file, since its size and digest are asked for before its bytes. The same layer
 * always gives the same bytes.
 *
 * @param descriptor of the compressed layer
 */
record LayerCompressor(Path file, Descriptor descriptor) implements AutoCloseable {
    private static final int BUFFER = 1 << 16;

    static boolean isPlain(Descriptor layer) {
        return layer.mediaType().equals(MediaTypes.LAYER_TAR)
                || layer.mediaType().equals(MediaTypes.DOCKER_LAYER_TAR);
    }

    static LayerCompressor compress(
            Descriptor layer, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        try {
            Path file = Files.createTempFile("slipway-layer-", ".tar.gz");
            try {
                MessageDigest compressed = Digest.hasher("sha256");
                try (InputStream in = source.open(layer, 0, cancellation);
                        OutputStream out = new PlainGzipOutputStream(
                                new DigestOutputStream(Files.newOutputStream(file), compressed))) {
                    copy(in, out, layer, arrived, cancellation);
                }
                String type = layer.mediaType().equals(MediaTypes.LAYER_TAR)
                        ? MediaTypes.LAYER_TAR_GZIP
                        : MediaTypes.DOCKER_LAYER_TAR_GZIP;
                Digest digest = Digest.of("sha256", compressed.digest());
                return new LayerCompressor(file, Descriptor.of(type, digest, Files.size(file)));
            } catch (IOException | RuntimeException e) {
                Files.deleteIfExists(file);
                throw e;
            }
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("compress " + layer.digest(), e);
        }
    }

    private static void copy(
            InputStream in, OutputStream out, Descriptor layer, LongConsumer arrived, Cancellation cancellation)
            throws IOException {
        MessageDigest plain = layer.digest().hasher();
        byte[] buffer = new byte[BUFFER];
        long count = 0;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            cancellation.throwIfCancelled();
            plain.update(buffer, 0, read);
            out.write(buffer, 0, read);
            count += read;
            arrived.accept(Math.min(count, layer.size()));
        }
        boolean right = count == layer.size()
                && Digest.of(layer.digest().algorithm(), plain.digest()).equals(layer.digest());
        if (!right) {
            throw OciException.corrupt(
                    "oci.digest-mismatch",
                    "Compressing " + layer.digest() + " failed: its " + count + " bytes have another size or digest.");
        }
    }

    /** The compressed bytes. */
    BlobSource source() {
        return (_, offset, _) -> {
            try {
                InputStream in = Files.newInputStream(file);
                in.skipNBytes(offset);
                return in;
            } catch (IOException e) {
                throw AtomicFiles.explain("read " + descriptor.digest(), e);
            }
        };
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw AtomicFiles.explain("remove " + file, e);
        }
    }
}
