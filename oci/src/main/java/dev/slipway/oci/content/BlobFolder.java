package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ObjectLock;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The blobs of an OCI image layout, as files, and the place where they arrive.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">OCI image-spec, image
 *     layout</a>
 */
final class BlobFolder {
    private static final Duration PATIENCE = Duration.ofHours(6);
    private static final String LAYOUT_FILE = "oci-layout";

    private final Path root;
    private final Path staging;
    private final UploadFolder uploads;

    /** Blobs under {@code root}; they arrive in {@code staging}, on the same file system. */
    BlobFolder(Path root, Path staging) {
        this.root = root;
        this.staging = staging;
        this.uploads = new UploadFolder(root.resolve("uploads"), this::path);
    }

    /** Makes the folder an OCI image layout when it is none. */
    void create() throws IOException {
        Files.createDirectories(root.resolve("blobs").resolve("sha256"));
        if (!Files.exists(root.resolve(LAYOUT_FILE))) {
            AtomicFiles.write(
                    root.resolve(LAYOUT_FILE), "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        }
    }

    Path path(Digest digest) {
        return root.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }

    OptionalLong size(Digest digest) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(path(digest), BasicFileAttributes.class);
            return attributes.isRegularFile() ? OptionalLong.of(attributes.size()) : OptionalLong.empty();
        } catch (NoSuchFileException _) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("look for " + digest, e);
        }
    }

    InputStream open(Digest digest) {
        try {
            return Files.newInputStream(path(digest));
        } catch (NoSuchFileException _) {
            throw OciException.missing(
                    "oci.content-missing",
                    "Opening " + digest + " failed: it is not in the content store " + root + ".");
        } catch (IOException e) {
            throw AtomicFiles.explain("open " + digest, e);
        }
    }

    Optional<Path> file(Digest digest) {
        return size(digest).isPresent() ? Optional.of(path(digest)) : Optional.empty();
    }

    Ingest ingest(Digest expected, long size, Cancellation cancellation) {
        OptionalLong present = size(expected);
        if (present.isPresent()) {
            return CompleteIngest.of(expected, present.getAsLong(), size);
        }
        String name = expected.algorithm() + "-" + expected.hex();
        Path lockFile = staging.resolve(name + ".lock");
        ObjectLock lock = ObjectLock.acquire(lockFile, "content " + expected.shortHex(), PATIENCE, cancellation);
        try {
            present = size(expected);
            if (present.isPresent()) {
                // Whoever held the lock before has brought it.
                Files.deleteIfExists(lockFile);
                lock.close();
                return CompleteIngest.of(expected, present.getAsLong(), size);
            }
            return FileIngest.open(new BlobCheck(expected, size), staging.resolve(name), path(expected), () -> {
                if (size(expected).isPresent()) {
                    // Nobody needs it any more: those who wait for it look for the blob next.
                    Files.deleteIfExists(lockFile);
                }
                lock.close();
            });
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e instanceof IOException io ? AtomicFiles.explain("take in " + expected, io) : (RuntimeException) e;
        }
    }

    UploadFolder uploads() {
        return uploads;
    }

    OptionalLong usableSpace() {
        try {
            return OptionalLong.of(Files.getFileStore(root).getUsableSpace());
        } catch (IOException e) {
            throw AtomicFiles.explain("ask for the free space of " + root, e);
        }
    }
}
