package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * A content store in a folder, shared safely between threads and processes.
 *
 * <p>Blobs lie in the folder as in an OCI image layout and arrive in {@code ingest/}. A reference is one small file in
 * {@code references/}, named by the sha256 of its name and replaced by rename, so that a tag costs the same however many
 * there are. {@code index.json} is a view for other tools, written by {@link #writeIndex}.
 */
public final class DiskContentStore implements ContentStore {
    private static final ByteSize MAX_REFERENCE = new ByteSize(1 << 20);

    private final Path root;
    private final Path references;
    private final BlobFolder blobs;

    private DiskContentStore(Path root) {
        this.root = root;
        this.references = root.resolve("references");
        this.blobs = new BlobFolder(root, root.resolve("ingest"));
    }

    /** Opens the store in a folder, which is created when missing. */
    public static DiskContentStore open(Path folder) {
        DiskContentStore store = new DiskContentStore(folder.toAbsolutePath());
        try {
            store.blobs.create();
            Files.createDirectories(store.references);
            if (!Files.exists(folder.resolve(LayoutIndex.FILE))) {
                store.writeIndex();
            }
            return store;
        } catch (IOException e) {
            throw AtomicFiles.explain("open the content store " + folder, e);
        }
    }

    @Override
    public OptionalLong size(Digest digest) {
        return blobs.size(digest);
    }

    @Override
    public InputStream open(Digest digest) {
        return blobs.open(digest);
    }

    @Override
    public Optional<Path> file(Digest digest) {
        return blobs.file(digest);
    }

    @Override
    public Ingest ingest(Digest expected, long size, Cancellation cancellation) {
        return blobs.ingest(expected, size, cancellation);
    }

    @Override
    public Staging stage(String id) {
        return blobs.uploads().create(id);
    }

    @Override
    public Optional<Staging> staged(String id) {
        return blobs.uploads().reopen(id);
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(root);
    }

    @Override
    public Optional<Descriptor> resolve(String name) {
        return load(referenceFile(name)).map(Reference::descriptor);
    }

    @Override
    public void tag(String name, Descriptor descriptor) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name);
        json.put("descriptor", descriptor.toJson());
        try {
            AtomicFiles.write(referenceFile(name), JsonObject.write(json));
        } catch (IOException e) {
            throw AtomicFiles.explain("tag " + name, e);
        }
    }

    @Override
    public boolean untag(String name) {
        try {
            boolean removed = Files.deleteIfExists(referenceFile(name));
            AtomicFiles.syncFolder(references);
            return removed;
        } catch (IOException e) {
            throw AtomicFiles.explain("remove the reference " + name, e);
        }
    }

    @Override
    public List<String> names() {
        return all().stream().map(Reference::name).sorted().toList();
    }

    @Override
    public OptionalLong usableSpace() {
        return blobs.usableSpace();
    }

    /** Writes {@code index.json} so that tools which read OCI image layouts see the references of this moment. */
    public void writeIndex() {
        List<Descriptor> manifests = all().stream()
                .map(reference -> LayoutIndex.named(reference.name(), reference.descriptor()))
                .toList();
        LayoutIndex.write(root, manifests);
    }

    private record Reference(String name, Descriptor descriptor) {}

    private List<Reference> all() {
        List<Reference> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(references)) {
            for (Path file : files.toList()) {
                // A name that begins with a dot is one being written.
                if (!file.getFileName().toString().startsWith(".")) {
                    load(file).ifPresent(found::add);
                }
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("list the references in " + references, e);
        }
        found.sort((left, right) -> left.name().compareTo(right.name()));
        return found;
    }

    private Optional<Reference> load(Path file) {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw AtomicFiles.explain("read the reference " + file, e);
        }
        JsonObject json = JsonObject.parse(bytes, "the reference " + file, MAX_REFERENCE);
        JsonObject descriptor = json.object("descriptor").orElseThrow(() -> json.invalid("'descriptor' is missing"));
        return Optional.of(new Reference(json.requireString("name"), Descriptor.from(descriptor)));
    }

    private Path referenceFile(String name) {
        return references.resolve(Digest.sha256(name).hex());
    }
}
