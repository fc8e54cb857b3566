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
 * Pairs of a repository and a digest: an empty file for each, where the store is on disk.
 *
 * <p>Blobs belong to all repositories of a store. That one was deleted in a repository, or came through it, is such a mark.
 */
final class RepositoryMarks {
    private final Optional<Path> folder;
    private final Set<String> inMemory = ConcurrentHashMap.newKeySet();

    /** Keeps the marks in {@code folder}, or in memory when there is none. */
    RepositoryMarks(Optional<Path> folder) {
        this.folder = folder;
    }

    boolean contains(String repository, Digest digest) {
        return folder.isPresent()
                ? Files.exists(marks(folder.get(), repository).resolve(name(digest)))
                : !inMemory.isEmpty() && inMemory.contains(repository + "@" + digest);
    }

    /** Sets a mark, durably. */
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
            // It was set before.
        } catch (IOException e) {
            throw AtomicFiles.explain("mark " + digest + " in " + repository, e);
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
            throw AtomicFiles.explain("remove the mark of " + digest + " in " + repository, e);
        }
    }

    private static Path marks(Path folder, String repository) {
        return folder.resolve(Digest.sha256(repository).hex());
    }

    private static String name(Digest digest) {
        return digest.algorithm() + "-" + digest.hex();
    }
}
