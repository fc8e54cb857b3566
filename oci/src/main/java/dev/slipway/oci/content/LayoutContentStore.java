package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The content of an OCI image layout as other tools make and read it: references are the
 * {@code org.opencontainers.image.ref.name} annotations in {@code index.json}.
 *
 * <p>A layout is for carrying images about and has one writer at a time; {@link DiskContentStore} is for living in. Close
 * a layout that was written to: that removes the traces of writing.
 */
public final class LayoutContentStore implements ContentStore, AutoCloseable {
    private final Path root;
    private final Path staging;
    private final BlobFolder blobs;
    private final boolean writable;
    private final ReentrantLock indexLock = new ReentrantLock();

    private LayoutContentStore(Path root, boolean writable) {
        this.root = root;
        this.staging = root.resolve(".ingest");
        this.blobs = new BlobFolder(root, staging);
        this.writable = writable;
    }

    /** Opens an existing layout; whatever would change it is refused with {@code oci.read-only}. */
    public static LayoutContentStore openReadOnly(Path folder) {
        if (!Files.isRegularFile(folder.resolve(LayoutIndex.FILE))) {
            throw OciException.missing(
                    "oci.no-layout", "Opening " + folder + " failed: it holds no OCI image layout (no index.json).");
        }
        return new LayoutContentStore(folder.toAbsolutePath(), false);
    }

    /** Opens a layout to add to it; it is created when missing. */
    public static LayoutContentStore open(Path folder) {
        LayoutContentStore store = new LayoutContentStore(folder.toAbsolutePath(), true);
        try {
            store.blobs.create();
            if (!Files.exists(folder.resolve(LayoutIndex.FILE))) {
                LayoutIndex.write(folder, List.of());
            }
            return store;
        } catch (IOException e) {
            throw AtomicFiles.explain("open the OCI image layout " + folder, e);
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
        requireWritable("take in " + expected);
        return blobs.ingest(expected, size, cancellation);
    }

    @Override
    public Staging stage(String id) {
        requireWritable("take in a blob");
        return blobs.uploads().create(id);
    }

    @Override
    public Optional<Staging> staged(String id) {
        return writable ? blobs.uploads().reopen(id) : Optional.empty();
    }

    @Override
    public Optional<Descriptor> resolve(String name) {
        return LayoutIndex.read(root).stream()
                .filter(descriptor -> name.equals(descriptor.annotations().get(LayoutIndex.NAME)))
                .map(LayoutIndex::withoutName)
                .findFirst();
    }

    @Override
    public void tag(String name, Descriptor descriptor) {
        requireWritable("tag " + name);
        replace(name, Optional.of(descriptor));
    }

    @Override
    public boolean untag(String name) {
        requireWritable("remove the reference " + name);
        return replace(name, Optional.empty());
    }

    private boolean replace(String name, Optional<Descriptor> descriptor) {
        indexLock.lock();
        try {
            List<Descriptor> manifests = new ArrayList<>(LayoutIndex.read(root));
            boolean removed =
                    manifests.removeIf(other -> name.equals(other.annotations().get(LayoutIndex.NAME)));
            descriptor.ifPresent(value -> manifests.add(LayoutIndex.named(name, value)));
            manifests.sort(Comparator.comparing(other -> other.annotations().getOrDefault(LayoutIndex.NAME, "")));
            LayoutIndex.write(root, manifests);
            return removed;
        } finally {
            indexLock.unlock();
        }
    }

    @Override
    public List<String> names() {
        return LayoutIndex.read(root).stream()
                .flatMap(descriptor ->
                        Optional.ofNullable(descriptor.annotations().get(LayoutIndex.NAME)).stream())
                .sorted()
                .toList();
    }

    @Override
    public OptionalLong usableSpace() {
        return writable ? blobs.usableSpace() : OptionalLong.of(0);
    }

    @Override
    public void close() {
        if (writable) {
            try {
                AtomicFiles.deleteRecursively(staging);
            } catch (IOException e) {
                throw AtomicFiles.explain("remove " + staging, e);
            }
        }
    }

    private void requireWritable(String attempted) {
        if (!writable) {
            throw new OciException(
                    "oci.read-only",
                    ErrorKind.EXHAUSTED,
                    "Could not " + attempted + ": the OCI image layout " + root + " was opened for reading only.",
                    "",
                    null);
        }
    }
}
