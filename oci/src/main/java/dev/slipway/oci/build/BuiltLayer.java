package dev.slipway.oci.build;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.tar.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;

/**
 * A layer that lies in a store.
 *
 * @param createdBy what the history says of it
 */
record BuiltLayer(Descriptor descriptor, Digest diffId, String createdBy) {
    private static final int BUFFER = 1 << 16;

    /** Writes a layer's entries, none later than the given time. */
    @FunctionalInterface
    interface Entries {
        void write(TarWriter tar, Instant latest) throws IOException;
    }

    static BuiltLayer write(
            Entries entries, String createdBy, LayerCompression compression, Instant latest, ContentStore store) {
        try {
            // The store asks for digest and size first, and those are known only when the layer is written.
            Path file = Files.createTempFile("slipway-layer-", ".tar");
            try {
                MessageDigest compressed = Digest.hasher("sha256");
                MessageDigest plain = Digest.hasher("sha256");
                try (OutputStream out = Files.newOutputStream(file);
                        TarWriter tar = new TarWriter(new BufferedOutputStream(
                                new DigestOutputStream(
                                        compression.compress(new DigestOutputStream(out, compressed)), plain),
                                BUFFER))) {
                    entries.write(tar, latest);
                }
                Digest digest = Digest.of("sha256", compressed.digest());
                long size = Files.size(file);
                copy(file, digest, size, store);
                Descriptor descriptor = Descriptor.of(compression.mediaType(), digest, size);
                return new BuiltLayer(descriptor, Digest.of("sha256", plain.digest()), createdBy);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("build a layer", e);
        }
    }

    private static void copy(Path file, Digest digest, long size, ContentStore store) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                Ingest ingest = store.ingest(digest, size, Cancellation.never())) {
            in.skipNBytes(ingest.offset());
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                ingest.write(buffer, 0, read);
            }
            ingest.commit();
        }
    }
}
