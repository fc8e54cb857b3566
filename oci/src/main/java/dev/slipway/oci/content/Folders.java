package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Folders that last. */
final class Folders {
    private Folders() {}

    /** Makes a folder and those above it, durably; does nothing when it exists. */
    static void make(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        make(parent(folder));
        try {
            Files.createDirectory(folder);
            AtomicFiles.syncFolder(parent(folder));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(folder)) {
                throw e;
            }
        }
    }

    /** The folder of a file that is no root. */
    static Path parent(Path file) {
        return Objects.requireNonNull(file.getParent(), "a root has no folder");
    }
}
