package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The stagings of one store: a file each, with the kernel's lock on it while someone writes. */
final class UploadFolder {
    private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9-]{0,127}");
    private static final int MOST_REMEMBERED = 1024;

    private final Path folder;
    private final Publisher publisher;
    /** The kernel's lock is the process's: two channels on one file would lose it with the first that closes. */
    private final Set<String> heldHere = ConcurrentHashMap.newKeySet();

    private final Map<String, Remembered> remembered = new LinkedHashMap<>();

    /** How far a hash had come when its staging was closed, and the file's state then. */
    record Remembered(MessageDigest hasher, long offset, FileTime changed) {}

    /** Lets a file whose bytes are known and durable become a blob. */
    interface Publisher {
        void publish(Path file, Digest digest) throws IOException;
    }

    UploadFolder(Path folder, Publisher publisher) {
        this.folder = folder;
        this.publisher = publisher;
    }

    void publish(Path file, Digest digest) throws IOException {
        publisher.publish(file, digest);
    }

    Staging create(String id) {
        try {
            Files.createDirectories(folder);
            return open(id, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException _) {
            throw busy(id);
        } catch (IOException e) {
            throw AtomicFiles.explain("begin the upload " + id, e);
        }
    }

    Optional<Staging> reopen(String id) {
        try {
            return Optional.of(open(id, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("go on with the upload " + id, e);
        }
    }

    private FileStaging open(String id, StandardOpenOption... options) throws IOException {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("no id of an upload: " + id);
        }
        if (!heldHere.add(id)) {
            throw busy(id);
        }
        Path file = folder.resolve(id);
        boolean opened = false;
        try {
            FileChannel channel = FileChannel.open(file, options);
            try {
                if (channel.tryLock() == null) {
                    throw busy(id);
                }
                // Between opening and locking, whoever held it may have ended it.
                if (!Files.exists(file)) {
                    throw new NoSuchFileException(file.toString());
                }
                FileStaging staging = new FileStaging(this, id, file, channel, recall(id, file, channel.size()));
                opened = true;
                return staging;
            } finally {
                if (!opened) {
                    channel.close();
                }
            }
        } finally {
            if (!opened) {
                heldHere.remove(id);
            }
        }
    }

    private static OciException busy(String id) {
        return new OciException(
                "oci.staging-busy",
                ErrorKind.CONFLICT,
                "Going on with the upload " + id + " failed: someone else is writing to it.",
                "Wait for it to end and ask how far it came.",
                null);
    }

    private @Nullable MessageDigest recall(String id, Path file, long size) throws IOException {
        Remembered known = forget(id);
        if (known == null || known.offset() != size) {
            return null;
        }
        return known.changed().equals(Files.getLastModifiedTime(file)) ? known.hasher() : null;
    }

    private @Nullable Remembered forget(String id) {
        synchronized (remembered) {
            return remembered.remove(id);
        }
    }

    void remember(String id, Path file, long offset, MessageDigest hasher) throws IOException {
        Remembered known = new Remembered(hasher, offset, Files.getLastModifiedTime(file));
        synchronized (remembered) {
            if (remembered.size() >= MOST_REMEMBERED) {
                remembered.remove(remembered.keySet().iterator().next());
            }
            remembered.put(id, known);
        }
    }

    /** Drops what nobody has gone on with since; only counts it when {@code dryRun}. */
    CollectReport.Tally sweep(Instant before, boolean dryRun) {
        CollectReport.Tally swept = CollectReport.Tally.NONE;
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                String id = String.valueOf(file.getFileName());
                if (ID.matcher(id).matches()
                        && Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
                    swept = sweep(id, dryRun, swept);
                }
            }
            return swept;
        } catch (NoSuchFileException _) {
            return swept;
        } catch (IOException e) {
            throw AtomicFiles.explain("sweep " + folder, e);
        }
    }

    private CollectReport.Tally sweep(String id, boolean dryRun, CollectReport.Tally swept) {
        try {
            Optional<Staging> staging = reopen(id);
            if (staging.isEmpty()) {
                return swept;
            }
            try (Staging abandoned = staging.get()) {
                long size = abandoned.offset();
                if (!dryRun) {
                    abandoned.discard();
                }
                return swept.plus(size);
            }
        } catch (OciException e) {
            if (e.kind() == ErrorKind.CONFLICT) {
                // Somebody is at it.
                return swept;
            }
            throw e;
        }
    }

    void release(String id) {
        heldHere.remove(id);
    }
}
