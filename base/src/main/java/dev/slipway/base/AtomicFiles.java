package dev.slipway.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Files and folders that appear under their final name whole or not at all, even when the machine loses power. */
public final class AtomicFiles {
    private AtomicFiles() {}

    /** Writes a file beside its target, syncs it, and renames it into place, replacing what was there. */
    public static void write(Path target, byte[] bytes) throws IOException {
        Path folder = Files.createDirectories(parent(target));
        Path staging = Files.createTempFile(folder, "." + target.getFileName() + "-", ".tmp");
        try {
            try (FileChannel channel = FileChannel.open(staging, StandardOpenOption.WRITE)) {
                ByteBuffer buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.setPosixFilePermissions(
                    staging,
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.GROUP_READ,
                            PosixFilePermission.OTHERS_READ));
            rename(staging, target);
        } finally {
            Files.deleteIfExists(staging);
        }
    }

    /** Renames within one file system, replacing a file, and makes the rename durable. */
    public static void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        syncFolder(parent(to));
    }

    /**
     * Points a symbolic link at a new target in one rename, so that readers see the old target or the new.
     *
     * @param target what the link shall hold, taken as it is
     */
    public static void link(Path link, Path target) throws IOException {
        Path folder = Files.createDirectories(parent(link));
        Path staging = Files.createTempFile(folder, "." + link.getFileName() + "-", ".tmp");
        Files.delete(staging);
        try {
            Files.createSymbolicLink(staging, target);
            rename(staging, link);
        } finally {
            Files.deleteIfExists(staging);
        }
    }

    /** Makes a file's bytes durable. */
    public static void syncFile(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /** Makes the names in a folder durable. */
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes a file or a whole folder, without following symbolic links; does nothing when it does not exist. */
    public static void deleteRecursively(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                if (!Files.isWritable(folder)) {
                    Files.setPosixFilePermissions(folder, Set.of(PosixFilePermission.values()));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /**
     * Explains a failed file operation.
     *
     * @param attempted what was being done, such as {@code "write the manifest"}
     */
    public static BaseException explain(String attempted, IOException failure) {
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("no space left") || lower.contains("quota exceeded")) {
            return new BaseException(
                    "base.disk-full",
                    ErrorKind.EXHAUSTED,
                    "Could not " + attempted + ": the disk is full (" + reason + ").",
                    "Free some space, or set SLIPWAY_HOME to a folder on a larger disk.",
                    failure);
        }
        if (failure instanceof AccessDeniedException
                || lower.contains("permission denied")
                || lower.contains("read-only file system")) {
            return new BaseException(
                    "base.not-writable",
                    ErrorKind.EXHAUSTED,
                    "Could not " + attempted + ": no permission for "
                            + (failure instanceof FileSystemException at ? at.getFile() : reason) + ".",
                    "Give this user access, or set SLIPWAY_HOME to a folder it may write to.",
                    failure);
        }
        return new BaseException(
                "base.io", ErrorKind.FAILURE, "Could not " + attempted + ": " + reason + ".", "", failure);
    }

    /** Like {@link #explain(String, IOException)}, for failures that came out of a stream. */
    public static BaseException explain(String attempted, UncheckedIOException failure) {
        IOException cause = failure.getCause();
        return explain(attempted, cause == null ? new IOException(failure) : cause);
    }

    private static Path parent(Path path) {
        Path parent = path.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalArgumentException(path + " is a root");
        }
        return parent;
    }
}
