package dev.slipway.registry;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was deleted in one repository while others may still need it: blobs belong to all, so a deletion is a mark, on disk
 * where the store is, until the blob is pushed there again.
 */
final class HiddenContent {
    private final Optional<Path> folder;
    private final Set<String> inMemory = ConcurrentHashMap.newKeySet();

    /** Keeps the marks in {@code folder}, or in memory when there is none. */
    HiddenContent(Optional<Path> folder) {
        this.folder = folder;
    }

    boolean contains(String repository, Digest digest) {
        return folder.isPresent()
                ? Files.exists(marks(folder.get(), repository).resolve(name(digest)))
                : !inMemory.isEmpty() && inMemory.contains(repository + "@" + digest);
    }

    void add(String repository, Digest digest) {
        if (folder.isEmpty()) {
            inMemory.add(repository + "@" + digest);
            return;
        }
        Path marks = marks(folder.get(), repository);
        try {
            Files.createDirectories(marks);
            Files.createFile(marks.resolve(name(digest)));
            AtomicFiles.syncFolder(marks);
        } catch (FileAlreadyExistsException _) {
            // Deleted before.
        } catch (IOException e) {
            throw AtomicFiles.explain("delete " + digest + " in " + repository, e);
        }
    }

    void remove(String repository, Digest digest) {
        if (folder.isEmpty()) {
            inMemory.remove(repository + "@" + digest);
            return;
        }
        Path marks = marks(folder.get(), repository);
        try {
            if (Files.deleteIfExists(marks.resolve(name(digest)))) {
                AtomicFiles.syncFolder(marks);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("bring back " + digest + " in " + repository, e);
        }
    }

    private static Path marks(Path folder, String repository) {
        return folder.resolve(Digest.sha256(repository).hex());
    }

    private static String name(Digest digest) {
        return digest.algorithm() + "-" + digest.hex();
    }
}
