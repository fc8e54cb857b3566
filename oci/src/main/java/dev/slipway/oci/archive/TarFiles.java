package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.oci.OciException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens tar files for reading in any order. */
final class TarFiles {
    private static final int BUFFER = 1 << 17;

    private TarFiles() {}

    /** Opens a tar file; a compressed one is expanded into a temporary file first, gone when it is closed. */
    static ImageFiles open(Path file, Cancellation cancellation) {
        try {
            if (!Files.exists(file)) {
                throw new NoSuchFileException(file.toString());
            }
            if (!Files.isRegularFile(file)) {
                throw OciException.invalid(
                        "oci.invalid-archive", "Reading " + file + " failed: it is not a regular file.");
            }
            try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 512)) {
                if (Compression.of(in) == Compression.NONE) {
                    return TarFile.open(file, file.toString(), StandardOpenOption.READ);
                }
            }
            try (InputStream in = Compression.expand(Files.newInputStream(file), Files.size(file))) {
                return spool(in, file.toString(), cancellation);
            }
        } catch (NoSuchFileException _) {
            throw OciException.missing("oci.no-archive", "Reading " + file + " failed: there is no such file.");
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + file, e);
        }
    }

    /**
     * Keeps a stream in a temporary file.
     *
     * @param what where the stream comes from, for messages
     */
    static ImageFiles spool(InputStream in, String what, Cancellation cancellation) throws IOException {
        Path file = Files.createTempFile("slipway-archive-", ".tar");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                byte[] buffer = new byte[BUFFER];
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    cancellation.throwIfCancelled();
                    out.write(buffer, 0, read);
                }
            }
            return TarFile.open(file, what, StandardOpenOption.READ, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }
}
