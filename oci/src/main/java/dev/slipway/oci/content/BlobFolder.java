package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The blobs of an OCI image layout, as files.
 *
 * <p>A file's modification time says until when its blob is held. A blob that a collection is about to remove lies in
 * {@code aside/}: whoever asks for it there brings it back by that, so nobody sees it vanish who might rely on it.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">OCI image-spec, image
 *     layout</a>
 */
final class BlobFolder {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    /** A blob that was asked for this recently need not be marked again as asked for. */
    private static final Duration FRESH = Duration.ofMinutes(1);

    private static final String LAYOUT_FILE = "oci-layout";
    static final List<String> ALGORITHMS = List.of("sha256", "sha512");

    private final Path root;
    private final Path aside;

    /** A blob as a listing finds it. */
    record Entry(Digest digest, long size, Instant held) {}

    BlobFolder(Path root) {
        this.root = root;
        this.aside = root.resolve("aside");
    }

    /** Makes the folder an OCI image layout when it is none. */
    void create() throws IOException {
        if (!Files.isDirectory(root.resolve("blobs").resolve("sha256"))) {
            Files.createDirectories(root.resolve("blobs").resolve("sha256"));
        }
        if (!Files.exists(root.resolve(LAYOUT_FILE))) {
            AtomicFiles.write(
                    root.resolve(LAYOUT_FILE), "{\"imageLayoutVersion\":\"1.0.0\"}".getBytes(StandardCharsets.UTF_8));
        }
    }

    Path root() {
        return root;
    }

    Path path(Digest digest) {
        return root.resolve("blobs").resolve(digest.algorithm()).resolve(digest.hex());
    }

    private Path asidePath(Digest digest) {
        return aside.resolve(fileName(digest));
    }

    /** One file name for a digest, where no folders for the algorithms are wanted. */
    static String fileName(Digest digest) {
        return digest.algorithm() + "-" + digest.hex();
    }

    /** The digest whose {@link #fileName} this is. */
    static Optional<Digest> digestOf(String fileName) {
        int dash = fileName.indexOf('-');
        return dash < 0 ? Optional.empty() : digest(fileName.substring(0, dash), fileName.substring(dash + 1));
    }

    private static Optional<Digest> digest(String algorithm, String hex) {
        int length = algorithm.equals("sha256") ? 64 : algorithm.equals("sha512") ? 128 : -1;
        return hex.length() == length && hex.matches("[0-9a-f]+")
                ? Optional.of(new Digest(algorithm, hex))
                : Optional.empty();
    }

    OptionalLong size(Digest digest) {
        BasicFileAttributes attributes = attributes(digest);
        return attributes == null ? OptionalLong.empty() : OptionalLong.of(attributes.size());
    }

    private @Nullable BasicFileAttributes attributes(Digest digest) {
        try {
            BasicFileAttributes attributes = look(path(digest));
            if (attributes == null && bringBack(digest)) {
                attributes = look(path(digest));
            }
            return attributes;
        } catch (IOException e) {
            throw AtomicFiles.explain("look for " + digest, e);
        }
    }

    private static @Nullable BasicFileAttributes look(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return attributes.isRegularFile() ? attributes : null;
        } catch (NoSuchFileException _) {
            return null;
        }
    }

    InputStream open(Digest digest) {
        try {
            try {
                return Files.newInputStream(path(digest));
            } catch (NoSuchFileException e) {
                if (bringBack(digest)) {
                    return Files.newInputStream(path(digest));
                }
                throw e;
            }
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

    /** Lets a file become the blob that it is known to be; a blob that is here stays, and is held if the new one were. */
    void publish(Path file, Digest digest, Duration hold, NameLocks locks) throws IOException {
        Path target = path(digest);
        try (var _ = locks.acquire("blob " + digest, PATIENCE, Cancellation.never())) {
            if (attributes(digest) != null) {
                holdUntil(digest, Instant.now().plus(hold));
                Files.delete(file);
                return;
            }
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(hold)));
            Folders.make(Folders.parent(target));
            AtomicFiles.rename(file, target);
        }
    }

    /** Says whether the blob is here and kept for that long from now. */
    boolean hold(Digest digest, Duration time, NameLocks locks) {
        Instant now = Instant.now();
        BasicFileAttributes attributes = attributes(digest);
        if (attributes == null) {
            return false;
        }
        // Nearly as long as asked for is enough: else each question would change the file.
        Instant enough =
                time.isZero() ? now.minus(FRESH) : now.plus(time.multipliedBy(3).dividedBy(4));
        if (!attributes.lastModifiedTime().toInstant().isBefore(enough)) {
            return true;
        }
        try (var _ = locks.acquire("blob " + digest, PATIENCE, Cancellation.never())) {
            return holdUntil(digest, now.plus(time));
        } catch (IOException | RuntimeException e) {
            if (readOnly(e)) {
                // Who may not write here cannot collect here either.
                return true;
            }
            throw e instanceof IOException io ? AtomicFiles.explain("hold " + digest, io) : (RuntimeException) e;
        }
    }

    private boolean holdUntil(Digest digest, Instant until) throws IOException {
        while (true) {
            BasicFileAttributes attributes = attributes(digest);
            if (attributes == null) {
                return false;
            }
            if (!attributes.lastModifiedTime().toInstant().isBefore(until.minusMillis(1))) {
                // Seen in its place with that time: a collection that takes it aside from now on sees the time too.
                return true;
            }
            try {
                Files.setLastModifiedTime(path(digest), FileTime.from(until));
            } catch (NoSuchFileException _) {
                // Just taken aside; the next look brings it back.
            }
        }
    }

    static boolean readOnly(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (cause instanceof AccessDeniedException
                    || (cause instanceof IOException
                            && message != null
                            && message.toLowerCase(Locale.ROOT).contains("read-only"))) {
                return true;
            }
        }
        return false;
    }

    /** All blobs, those aside included. */
    List<Entry> entries() {
        List<Entry> found = new ArrayList<>();
        for (String algorithm : ALGORITHMS) {
            list(root.resolve("blobs").resolve(algorithm), name -> digest(algorithm, name), found);
        }
        list(aside, BlobFolder::digestOf, found);
        return found;
    }

    private interface Naming {
        Optional<Digest> digest(String fileName);
    }

    private static void list(Path folder, Naming naming, List<Entry> found) {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Optional<Digest> digest = naming.digest(String.valueOf(file.getFileName()));
                BasicFileAttributes attributes = digest.isEmpty() ? null : look(file);
                if (attributes != null) {
                    found.add(new Entry(
                            digest.orElseThrow(),
                            attributes.size(),
                            attributes.lastModifiedTime().toInstant()));
                }
            }
        } catch (NoSuchFileException _) {
            // No blob has come with this algorithm, or none is aside.
        } catch (IOException e) {
            throw AtomicFiles.explain("list the blobs in " + folder, e);
        }
    }

    /** Takes a blob out of its place; false when it is not there. */
    boolean setAside(Digest digest) {
        try {
            Files.createDirectories(aside);
            Files.move(path(digest), asidePath(digest), StandardCopyOption.ATOMIC_MOVE);
            return true;
        } catch (NoSuchFileException _) {
            return Files.exists(asidePath(digest));
        } catch (IOException e) {
            throw AtomicFiles.explain("take " + digest + " aside", e);
        }
    }

    /** Puts a blob that is aside back into its place. Says whether it is there now. */
    boolean bringBack(Digest digest) {
        try {
            if (Files.exists(asidePath(digest))) {
                Files.move(asidePath(digest), path(digest), StandardCopyOption.ATOMIC_MOVE);
                return true;
            }
        } catch (NoSuchFileException _) {
            // Someone else was faster.
        } catch (IOException e) {
            if (!readOnly(e)) {
                throw AtomicFiles.explain("bring " + digest + " back", e);
            }
        }
        // Between the first look and this one, someone else may have brought it back.
        return Files.exists(path(digest));
    }

    /** Puts everything that is aside back into its place. */
    void bringBackAll() {
        List<Entry> left = new ArrayList<>();
        list(aside, BlobFolder::digestOf, left);
        left.forEach(entry -> bringBack(entry.digest()));
    }

    /** Removes a blob that is aside, for good; false when it is not aside any more. */
    boolean purge(Digest digest) {
        try {
            return Files.deleteIfExists(asidePath(digest));
        } catch (IOException e) {
            throw AtomicFiles.explain("remove " + digest, e);
        }
    }

    /** The bytes of a small blob that begins like a JSON object, none of another; empty when it is not here. */
    Optional<byte[]> document(Digest digest) {
        try {
            // In its place, aside, and in its place again: it may be moved either way meanwhile.
            for (Path file : List.of(path(digest), asidePath(digest), path(digest))) {
                Optional<byte[]> bytes = document(file, digest);
                if (bytes.isPresent()) {
                    return bytes;
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + digest, e);
        }
    }

    private static Optional<byte[]> document(Path file, Digest digest) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            int first = in.read();
            if (first != '{') {
                return Optional.of(new byte[0]);
            }
            int limit = Math.toIntExact(ManifestDocument.MAX_SIZE.bytes());
            byte[] rest = in.readNBytes(limit);
            if (rest.length == limit) {
                return Optional.of(new byte[0]);
            }
            byte[] bytes = new byte[rest.length + 1];
            bytes[0] = (byte) first;
            System.arraycopy(rest, 0, bytes, 1, rest.length);
            if (!Digest.of(digest.algorithm(), digest.hasher().digest(bytes)).equals(digest)) {
                throw BlobCheck.damaged(digest);
            }
            return Optional.of(bytes);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    /** Takes a blob whose bytes are wrong out of the store; one that was brought anew meanwhile stays. */
    boolean quarantine(Digest digest) {
        Path quarantined = root.resolve("quarantine").resolve(fileName(digest));
        try {
            Files.createDirectories(quarantined.getParent());
            Files.move(path(digest), quarantined, StandardCopyOption.ATOMIC_MOVE);
            if (matches(quarantined, digest, Cancellation.never())) {
                Files.move(quarantined, path(digest), StandardCopyOption.ATOMIC_MOVE);
                return false;
            }
            return true;
        } catch (NoSuchFileException _) {
            return false;
        } catch (IOException e) {
            throw AtomicFiles.explain("take the damaged " + digest + " out of the store", e);
        }
    }

    private static boolean matches(Path file, Digest digest, Cancellation cancellation) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return Verification.matches(in, digest, cancellation);
        }
    }

    OptionalLong usableSpace() {
        try {
            return OptionalLong.of(Files.getFileStore(root).getUsableSpace());
        } catch (IOException e) {
            throw AtomicFiles.explain("ask for the free space of " + root, e);
        }
    }
}
