package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * References as small files, each replaced by rename: a tag costs the same however many there are, and one read shows what
 * another process has just tagged.
 */
final class ReferenceFolder {
    private static final ByteSize MAX_FILE = new ByteSize(1 << 20);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** How names of files begin that are references being written. */
    static final String STAGING_PREFIX = "reference-";

    private final Path root;
    private final Path staging;
    private final NameLocks locks;

    /** References below {@code root}; files are written in {@code staging} first, on the same file system. */
    ReferenceFolder(Path root, Path staging, NameLocks locks) {
        this.root = root;
        this.staging = staging;
        this.locks = locks;
    }

    Path root() {
        return root;
    }

    Optional<Descriptor> resolve(String name) {
        Path file = ReferenceFile.path(root, name);
        try {
            return Optional.of(descriptor(parse(file, Files.readAllBytes(file))));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("read the reference " + file, e);
        }
    }

    /** Replaces what a reference names if that is as wished. */
    boolean replace(String name, Predicate<Optional<Descriptor>> wished, Descriptor descriptor) {
        return change(name, wished, file -> write(file, name, descriptor));
    }

    /** Removes a reference if there is one and it names what is wished. */
    boolean remove(String name, Predicate<Descriptor> wished) {
        return change(name, present -> present.filter(wished).isPresent(), this::delete);
    }

    /** Removes a reference if it has not been touched since it was listed. */
    boolean remove(Reference listed) {
        return change(listed.name(), Optional::isPresent, file -> {
            return Files.getLastModifiedTime(file).toInstant().equals(listed.changed()) && delete(file);
        });
    }

    private interface Change {
        boolean apply(Path file) throws IOException;
    }

    private boolean change(String name, Predicate<Optional<Descriptor>> wished, Change change) {
        Path file = ReferenceFile.path(root, name);
        try (var _ = locks.acquire("the reference " + file, PATIENCE, Cancellation.never())) {
            return wished.test(resolve(name)) && change.apply(file);
        } catch (IOException e) {
            throw DiskSpace.explain("change the reference " + name, file, 0, e);
        }
    }

    private boolean delete(Path file) throws IOException {
        Files.delete(file);
        try {
            AtomicFiles.syncFolder(Folders.parent(file));
        } catch (NoSuchFileException _) {
            // A collection has removed the empty folder, and so the reference for good.
        }
        return true;
    }

    private boolean write(Path file, String name, Descriptor descriptor) throws IOException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("descriptor", descriptor.toJson());
        Files.createDirectories(staging);
        Path staged = staging.resolve(STAGING_PREFIX + UUID.randomUUID());
        try {
            try (FileChannel channel =
                    FileChannel.open(staged, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(JsonObject.write(json));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(false);
            }
            place(staged, file);
            return true;
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    private void place(Path staged, Path file) throws IOException {
        try {
            moveInto(Folders.parent(file), staged, file);
        } catch (NoSuchFileException | FileAlreadyExistsException _) {
            // A collection has removed a folder while it was empty: gone when something was to be made in it, or there
            // when it
            // was to be made and gone when it was looked at. This time collections are kept from it.
            try (var _ = locks.acquire(emptyFolders(), PATIENCE, Cancellation.never())) {
                moveInto(Folders.parent(file), staged, file);
            }
        }
    }

    private static void moveInto(Path folder, Path staged, Path file) throws IOException {
        Folders.make(folder);
        Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE);
        AtomicFiles.syncFolder(folder);
    }

    /** What is locked while empty folders are removed, and by those who have met that. */
    private String emptyFolders() {
        return "the empty folders of " + root;
    }

    List<String> names() {
        List<String> names = new ArrayList<>();
        walk(file -> name(file).ifPresent(names::add));
        names.sort(Comparator.naturalOrder());
        return names;
    }

    List<String> names(String repository) {
        List<String> names = new ArrayList<>();
        list(ReferenceFile.folder(root, repository), file -> name(file).ifPresent(names::add));
        names.sort(Comparator.naturalOrder());
        return names;
    }

    List<Reference> references() {
        List<Reference> references = new ArrayList<>();
        walk(file -> load(file).ifPresent(references::add));
        references.sort(Comparator.comparing(Reference::name));
        return references;
    }

    List<Reference> references(String repository) {
        List<Reference> references = new ArrayList<>();
        list(ReferenceFile.folder(root, repository), file -> load(file).ifPresent(references::add));
        references.sort(Comparator.comparing(Reference::name));
        return references;
    }

    private interface Visitor {
        void visit(Path file) throws IOException;
    }

    private void walk(Visitor visitor) {
        // Depth first by hand: a folder may vanish while it is walked.
        List<Path> folders = new ArrayList<>(List.of(root));
        while (!folders.isEmpty()) {
            Path folder = folders.removeLast();
            list(folder, visitor);
            folders.addAll(subfolders(folder));
        }
    }

    private void list(Path folder, Visitor visitor) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (ReferenceFile.isReference(file.getFileName().toString())) {
                    visitor.visit(file);
                }
            }
        } catch (NoSuchFileException _) {
            // Nothing has been tagged there, or all has been removed.
        } catch (UncheckedIOException e) {
            throw AtomicFiles.explain("list the references in " + folder, e);
        } catch (IOException e) {
            throw AtomicFiles.explain("list the references in " + folder, e);
        }
    }

    private static List<Path> subfolders(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file ->
                            !ReferenceFile.isReference(file.getFileName().toString()) && Files.isDirectory(file))
                    .toList();
        } catch (NoSuchFileException _) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw AtomicFiles.explain("list the references in " + folder, e);
        } catch (IOException e) {
            throw AtomicFiles.explain("list the references in " + folder, e);
        }
    }

    private Optional<String> name(Path file) throws IOException {
        String repository = ReferenceFile.repository(root.relativize(Folders.parent(file)));
        Optional<String> tail = ReferenceFile.tail(file.getFileName().toString());
        return tail.isPresent() ? tail.map(repository::concat) : load(file).map(Reference::name);
    }

    private static Optional<Reference> load(Path file) throws IOException {
        try {
            // The time first: a change in between makes the reference look older than it is, never younger.
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            JsonObject json = parse(file, Files.readAllBytes(file));
            return Optional.of(new Reference(json.requireString("name"), descriptor(json), changed));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        }
    }

    private static JsonObject parse(Path file, byte[] bytes) {
        return JsonObject.parse(bytes, "the reference " + file, MAX_FILE);
    }

    private static Descriptor descriptor(JsonObject json) {
        return Descriptor.from(json.object("descriptor").orElseThrow(() -> json.invalid("'descriptor' is missing")));
    }

    /** Moves references from where the first version of this layout had them: in one folder, named by a hash. */
    void takeOver() throws IOException {
        if (!Files.isWritable(root)) {
            return;
        }
        try (var files = Files.newDirectoryStream(root, file -> Files.isRegularFile(file) && isHash(file))) {
            for (Path file : files) {
                Optional<Reference> reference = load(file);
                if (reference.isPresent()) {
                    replace(
                            reference.get().name(),
                            Optional::isEmpty,
                            reference.get().descriptor());
                    Files.deleteIfExists(file);
                }
            }
        }
    }

    private static boolean isHash(Path file) {
        return file.getFileName().toString().matches("[0-9a-f]{64}");
    }

    /** Removes folders of repositories that have no references, unless somebody else does, or is making some. */
    void removeEmptyFolders() {
        Optional<NameLocks.Held> lock = locks.tryAcquire(emptyFolders());
        if (lock.isEmpty()) {
            return;
        }
        try (var _ = lock.get()) {
            removeEmptyBelow(root);
        }
    }

    private static void removeEmptyBelow(Path folder) {
        for (Path subfolder : subfolders(folder)) {
            removeEmptyBelow(subfolder);
            try {
                Files.delete(subfolder);
            } catch (DirectoryNotEmptyException | NoSuchFileException _) {
                // In use, or removed by another collection.
            } catch (IOException e) {
                throw AtomicFiles.explain("remove the empty folder " + subfolder, e);
            }
        }
    }
}
