package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** Where blobs arrive: a file each, which outlives the process, and a lock while someone writes to it. */
final class IngestFolder {
    private static final Duration PATIENCE = Duration.ofHours(6);
    /** Writing a reference takes milliseconds. */
    private static final Duration REFERENCE_REST = Duration.ofHours(1);

    private final Path folder;
    private final BlobFolder blobs;
    private final NameLocks locks;

    /** Blobs arrive in {@code folder}, on the file system of {@code blobs}. */
    IngestFolder(Path folder, BlobFolder blobs, NameLocks locks) {
        this.folder = folder;
        this.blobs = blobs;
        this.locks = locks;
    }

    Ingest ingest(ContentStore store, Digest expected, long size, Cancellation cancellation) {
        OptionalLong present = present(expected);
        if (present.isPresent()) {
            return CompleteIngest.of(store, expected, present.getAsLong(), size);
        }
        NameLocks.Held lock = locks.acquire(lockName(expected), PATIENCE, cancellation);
        boolean begun = false;
        try {
            present = present(expected);
            if (present.isPresent()) {
                // Whoever held the lock before has brought it.
                return CompleteIngest.of(store, expected, present.getAsLong(), size);
            }
            Files.createDirectories(folder);
            Ingest ingest = FileIngest.open(
                    new BlobCheck(expected, size), folder.resolve(BlobFolder.fileName(expected)), this, lock);
            begun = true;
            return ingest;
        } catch (IOException e) {
            throw DiskSpace.explain("take in " + expected, folder, size, e);
        } finally {
            if (!begun) {
                lock.close();
            }
        }
    }

    long arrived(Digest digest) {
        try {
            return Files.size(folder.resolve(BlobFolder.fileName(digest)));
        } catch (IOException _) {
            // Nothing yet, or nothing any more.
            return 0;
        }
    }

    /** The size of a blob that is here, and young from now on; empty when there is none. */
    private OptionalLong present(Digest digest) {
        return blobs.hold(digest, Duration.ZERO, locks) ? blobs.size(digest) : OptionalLong.empty();
    }

    Path published(Digest digest) {
        return blobs.path(digest);
    }

    void publish(Path file, Digest digest, Duration hold) throws IOException {
        blobs.publish(file, digest, hold, locks);
    }

    /** Drops references that a crash has left half-written. */
    void sweepReferences() {
        Instant before = Instant.now().minus(REFERENCE_REST);
        try (var files = Files.newDirectoryStream(folder, ReferenceFolder.STAGING_PREFIX + "*")) {
            for (Path file : files) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException _) {
            // Nothing has arrived yet, or another process sweeps too.
        } catch (IOException e) {
            if (!BlobFolder.readOnly(e)) {
                throw AtomicFiles.explain("sweep " + folder, e);
            }
        }
    }

    /** Drops what nobody has gone on with since; counts it when {@code dryRun}. */
    CollectReport.Tally sweep(Instant before, boolean dryRun) {
        CollectReport.Tally swept = CollectReport.Tally.NONE;
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Optional<Digest> digest = BlobFolder.digestOf(String.valueOf(file.getFileName()));
                if (digest.isPresent()) {
                    swept = sweep(file, digest.get(), before, dryRun, swept);
                }
            }
            return swept;
        } catch (NoSuchFileException _) {
            return swept;
        } catch (IOException e) {
            throw AtomicFiles.explain("sweep " + folder, e);
        }
    }

    private CollectReport.Tally sweep(
            Path file, Digest digest, Instant before, boolean dryRun, CollectReport.Tally swept) throws IOException {
        Optional<NameLocks.Held> lock = locks.tryAcquire(lockName(digest));
        if (lock.isEmpty()) {
            return swept;
        }
        try (var _ = lock.get()) {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.lastModifiedTime().toInstant().isBefore(before)) {
                return swept;
            }
            if (!dryRun) {
                Files.delete(file);
            }
            return swept.plus(attributes.size());
        } catch (NoSuchFileException _) {
            return swept;
        }
    }

    private static String lockName(Digest digest) {
        return "the arrival of " + digest;
    }
}
