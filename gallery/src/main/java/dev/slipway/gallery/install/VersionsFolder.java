package dev.slipway.gallery.install;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the versions of one backend lie: {@code .versions/<name>/<algorithm>-<hex>}, of which {@code <name>} is a link to
 * the current one and {@code .versions/<name>/.previous} to the one before. All but reading is for the lock's holder.
 */
public final class VersionsFolder {
    private static final String VERSIONS = ".versions";
    private static final String LOCKS = ".locks";
    private static final String STAGING = ".tmp-";

    private final Path backendsFolder;
    private final String name;
    private final Path versions;

    public VersionsFolder(Path backendsFolder, String name) {
        this.backendsFolder = backendsFolder;
        this.name = name;
        this.versions = backendsFolder.resolve(VERSIONS).resolve(name);
    }

    /** The backends that have ever been worked on. */
    public static List<String> names(Path backendsFolder) throws IOException {
        return children(backendsFolder.resolve(VERSIONS)).stream()
                .map(folder -> folder.getFileName().toString())
                .toList();
    }

    /** The name under which the backend is found. */
    public Path link() {
        return backendsFolder.resolve(name);
    }

    public Path lockFile() {
        return backendsFolder.resolve(LOCKS).resolve(name + ".lock");
    }

    /** The final place of a version; without a colon, which search paths of programs cannot hold. */
    public Path version(Digest digest) {
        return versions.resolve(digest.algorithm() + "-" + digest.hex());
    }

    /** A new, empty folder to put a version together in. */
    public Path staging(Digest digest) throws IOException {
        Files.createDirectories(versions);
        return Files.createTempDirectory(versions, version(digest).getFileName() + STAGING);
    }

    /** Whether something that is not our link has the backend's name. */
    public boolean taken() {
        return Files.exists(link(), LinkOption.NOFOLLOW_LINKS) && !Files.isSymbolicLink(link());
    }

    public boolean isCurrent(Path version) throws IOException {
        return target(link()).equals(version.getFileName().toString());
    }

    /** Switches the backend to a version, and remembers the one before. */
    public void makeCurrent(Path version) throws IOException {
        String before = target(link());
        String chosen = version.getFileName().toString();
        if (!before.isEmpty() && !before.equals(chosen)) {
            AtomicFiles.link(previous(), Path.of(before));
        }
        AtomicFiles.link(link(), backendsFolder.relativize(version));
    }

    /** The version before the current one, when it is still here. */
    public Optional<Path> previousVersion() throws IOException {
        String version = target(previous());
        return version.isEmpty() || !Files.isDirectory(versions.resolve(version))
                ? Optional.empty()
                : Optional.of(versions.resolve(version));
    }

    /** Deletes the versions that are neither the current nor the previous one. */
    public void prune() throws IOException {
        List<String> kept = List.of(target(link()), target(previous()));
        for (Path folder : children(versions)) {
            String version = folder.getFileName().toString();
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && !kept.contains(version)) {
                discard(folder);
            }
        }
    }

    /** Removes what crashes left: folders being put together or taken apart, and links not yet renamed. */
    public void sweep() throws IOException {
        for (Path child : children(versions)) {
            String file = child.getFileName().toString();
            if (file.contains(STAGING) || (file.startsWith(".previous-") && file.endsWith(".tmp"))) {
                AtomicFiles.deleteRecursively(child);
            }
        }
        // Digits only, because ".a-b-1.tmp" belongs to the backend "a-b".
        Pattern unfinishedLink = Pattern.compile(Pattern.quote("." + name + "-") + "[0-9]+\\.tmp");
        for (Path child : children(backendsFolder)) {
            if (unfinishedLink.matcher(child.getFileName().toString()).matches()) {
                Files.deleteIfExists(child);
            }
        }
    }

    /** The link first, so that no half-deleted version is ever found. */
    public boolean deleteAll() throws IOException {
        boolean existed = Files.deleteIfExists(link());
        if (existed) {
            AtomicFiles.syncFolder(backendsFolder);
        }
        for (Path folder : children(versions)) {
            if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                discard(folder);
            } else {
                Files.delete(folder);
            }
        }
        Files.deleteIfExists(versions);
        return existed;
    }

    /** Makes a whole tree durable. */
    public static void sync(Path tree, ProgressListener progress, Cancellation cancellation) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.filter(path -> !Files.isSymbolicLink(path))
                    .filter(path -> Files.isRegularFile(path) || Files.isDirectory(path))
                    .toList();
        }
        // Folders last: a folder is durable when the names in it are.
        for (int i = paths.size() - 1; i >= 0; i--) {
            cancellation.throwIfCancelled();
            if (Files.isReadable(paths.get(i))) {
                AtomicFiles.syncFolder(paths.get(i));
            }
            progress.step("save", paths.size() - i, paths.size());
        }
    }

    /** Renamed first, so that a crash in the middle leaves no version that looks whole. */
    private void discard(Path version) throws IOException {
        Path doomed = Files.createTempDirectory(versions, version.getFileName() + STAGING);
        AtomicFiles.rename(version, doomed);
        AtomicFiles.deleteRecursively(doomed);
    }

    private Path previous() {
        return versions.resolve(".previous");
    }

    /** The version that a link names, or an empty string. */
    private static String target(Path link) throws IOException {
        try {
            Path file = Files.readSymbolicLink(link).getFileName();
            return file == null ? "" : file.toString();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static List<Path> children(Path folder) throws IOException {
        List<Path> children = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(children::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        return children;
    }
}
