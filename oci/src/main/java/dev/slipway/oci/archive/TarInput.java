package dev.slipway.oci.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens tar files for reading from start to end. */
public final class TarInput {
    private TarInput() {}

    /** Opens a tar file, plain or compressed with gzip or zstd; what expands out of all proportion is refused. */
    public static InputStream open(Path file) throws IOException {
        long size = Files.size(file);
        InputStream in = Files.newInputStream(file);
        try {
            return Compression.expand(in, size);
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }
}
