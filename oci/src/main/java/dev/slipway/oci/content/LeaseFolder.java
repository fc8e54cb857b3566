package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Leases as two files each: one says what the lease is for, and by its modification time when it ends; in the other, whose
 * time changes with each line, the digests.
 */
final class LeaseFolder {
    /** How long the file of a lease that has ended stays: longer than any process takes from making to dating one. */
    private static final Duration REST = Duration.ofHours(1);

    private static final String DIGESTS = ".digests";

    private final Path folder;
    private final BlobFolder blobs;

    LeaseFolder(Path folder, BlobFolder blobs) {
        this.folder = folder;
        this.blobs = blobs;
    }

    Lease lease(Duration ttl, String why) {
        Path file = folder.resolve(UUID.randomUUID().toString());
        Map<String, Object> about = new LinkedHashMap<>();
        about.put("why", why);
        about.put("process", ProcessHandle.current().pid());
        try {
            Files.createDirectories(folder);
            Files.write(file, JsonObject.write(about), StandardOpenOption.CREATE_NEW);
            FileChannel channel =
                    FileChannel.open(digests(file), StandardOpenOption.CREATE_NEW, StandardOpenOption.APPEND);
            DiskLease lease = new DiskLease(file, channel, ttl, blobs);
            lease.begin();
            return lease;
        } catch (IOException e) {
            if (BlobFolder.readOnly(e)) {
                // Who may not write here cannot collect here either.
                return new NeedlessLease(blobs::size);
            }
            throw DiskSpace.explain("take a lease for " + why, file, 0, e);
        }
    }

    /** What leases that have not ended protect. */
    Set<Digest> leased() {
        Set<Digest> leased = new HashSet<>();
        Instant now = Instant.now();
        for (Path file : files()) {
            try {
                if (!isDigests(file) && ends(file).isAfter(now)) {
                    Files.readAllLines(digests(file)).stream()
                            .flatMap(line -> digest(line).stream())
                            .forEach(leased::add);
                }
            } catch (NoSuchFileException _) {
                // It has just been closed.
            } catch (IOException e) {
                throw AtomicFiles.explain("read the lease " + file, e);
            }
        }
        return leased;
    }

    /** A line that is still being written is no digest, and nobody relies on it yet. */
    private static Optional<Digest> digest(String line) {
        return BlobFolder.digestOf(line.replaceFirst(":", "-"));
    }

    /** Removes the files of leases that ended some time ago. */
    void sweep() {
        Instant before = Instant.now().minus(REST);
        for (Path file : files()) {
            try {
                if (!isDigests(file) && ends(file).isBefore(before)) {
                    remove(file);
                }
                if (isDigests(file) && !Files.exists(lease(file)) && ends(file).isBefore(before)) {
                    Files.deleteIfExists(file);
                }
            } catch (NoSuchFileException _) {
                // Swept by another process.
            } catch (IOException e) {
                throw AtomicFiles.explain("remove the lease " + file, e);
            }
        }
    }

    /** Removes a lease's files; without the first, the second protects nothing. */
    static void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(digests(file));
    }

    private static Path digests(Path file) {
        return file.resolveSibling(file.getFileName() + DIGESTS);
    }

    private static Path lease(Path digests) {
        String name = digests.getFileName().toString();
        return digests.resolveSibling(name.substring(0, name.length() - DIGESTS.length()));
    }

    private static boolean isDigests(Path file) {
        return file.toString().endsWith(DIGESTS);
    }

    static Instant ends(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toInstant();
    }

    static void setEnd(Path file, Instant end) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(end));
    }

    private List<Path> files() {
        try (var files = Files.list(folder)) {
            return files.toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (IOException e) {
            throw AtomicFiles.explain("list the leases in " + folder, e);
        }
    }
}
