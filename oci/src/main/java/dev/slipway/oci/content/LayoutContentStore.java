package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

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
    private final IngestFolder ingests;
    private final UploadFolder uploads;
    private final boolean writable;
    private final ReentrantLock indexLock = new ReentrantLock();

    private LayoutContentStore(Path root, NameLocks locks, boolean writable) {
        this.root = root;
        this.staging = root.resolve(".ingest");
        this.blobs = new BlobFolder(root);
        this.ingests = new IngestFolder(staging, blobs, locks);
        this.uploads = new UploadFolder(
                staging.resolve("uploads"), (file, digest) -> blobs.publish(file, digest, Duration.ZERO, locks));
        this.writable = writable;
    }

    /** Opens an existing layout; whatever would change it is refused with {@code oci.read-only}. */
    public static LayoutContentStore openReadOnly(Path folder) {
        if (!Files.isRegularFile(folder.resolve(LayoutIndex.FILE))) {
            throw OciException.missing(
                    "oci.no-layout", "Opening " + folder + " failed: it holds no OCI image layout (no index.json).");
        }
        try {
            return new LayoutContentStore(folder.toAbsolutePath(), NameLocks.in(folder), false);
        } catch (IOException e) {
            throw AtomicFiles.explain("open the OCI image layout " + folder, e);
        }
    }

    /** Opens a layout to add to it; it is created when missing. */
    public static LayoutContentStore open(Path folder) {
        try {
            Path lockFolder = Files.createDirectories(folder.resolve(".ingest"));
            LayoutContentStore store = new LayoutContentStore(folder.toAbsolutePath(), NameLocks.in(lockFolder), true);
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
    public Optional<Path> folder() {
        return writable ? Optional.of(root) : Optional.empty();
    }

    @Override
    public List<Digest> blobs() {
        return blobs.entries().stream().map(BlobFolder.Entry::digest).toList();
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
        return ingests.ingest(this, expected, size, cancellation);
    }

    @Override
    public Staging stage(String id) {
        requireWritable("take in a blob");
        return uploads.create(id);
    }

    @Override
    public Optional<Staging> staged(String id) {
        return writable ? uploads.reopen(id) : Optional.empty();
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
        replace(name, _ -> true, Optional.of(descriptor));
    }

    @Override
    public boolean tagNew(String name, Descriptor descriptor) {
        requireWritable("tag " + name);
        return replace(name, Optional::isEmpty, Optional.of(descriptor));
    }

    @Override
    public boolean retag(String name, Descriptor expected, Descriptor descriptor) {
        requireWritable("tag " + name);
        return replace(name, present -> present.filter(expected::equals).isPresent(), Optional.of(descriptor));
    }

    @Override
    public boolean untag(String name) {
        requireWritable("remove the reference " + name);
        return replace(name, Optional::isPresent, Optional.empty());
    }

    @Override
    public boolean untag(String name, Descriptor expected) {
        requireWritable("remove the reference " + name);
        return replace(name, present -> present.filter(expected::equals).isPresent(), Optional.empty());
    }

    private boolean replace(String name, Predicate<Optional<Descriptor>> wished, Optional<Descriptor> descriptor) {
        indexLock.lock();
        try {
            if (!wished.test(resolve(name))) {
                return false;
            }
            List<Descriptor> manifests = new ArrayList<>(LayoutIndex.read(root));
            manifests.removeIf(other -> name.equals(other.annotations().get(LayoutIndex.NAME)));
            descriptor.ifPresent(value -> manifests.add(LayoutIndex.named(name, value)));
            manifests.sort(Comparator.comparing(other -> other.annotations().getOrDefault(LayoutIndex.NAME, "")));
            LayoutIndex.write(root, manifests);
            return true;
        } finally {
            indexLock.unlock();
        }
    }

    @Override
    public List<String> names() {
        return references().stream().map(Reference::name).toList();
    }

    @Override
    public List<String> names(String repository) {
        return references(repository).stream().map(Reference::name).toList();
    }

    @Override
    public List<Reference> references() {
        Instant changed;
        try {
            changed = Files.getLastModifiedTime(root.resolve(LayoutIndex.FILE)).toInstant();
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + root.resolve(LayoutIndex.FILE), e);
        }
        return LayoutIndex.read(root).stream()
                .filter(descriptor -> descriptor.annotations().containsKey(LayoutIndex.NAME))
                .map(descriptor -> new Reference(
                        Objects.requireNonNull(descriptor.annotations().get(LayoutIndex.NAME)),
                        LayoutIndex.withoutName(descriptor),
                        changed))
                .sorted(Comparator.comparing(Reference::name))
                .toList();
    }

    @Override
    public List<Reference> references(String repository) {
        return references().stream()
                .filter(reference -> reference.repository().equals(repository))
                .toList();
    }

    /** Nothing is ever collected from a layout. */
    @Override
    public boolean hold(Digest digest, Duration time) {
        return has(digest);
    }

    /** Nothing is ever collected from a layout. */
    @Override
    public Lease lease(Duration ttl, String why) {
        return new NeedlessLease(this::size);
    }

    @Override
    public void root(String name, Descriptor descriptor) {
        throw keepsAll("Keeping " + name);
    }

    @Override
    public boolean unroot(String name) {
        return false;
    }

    @Override
    public List<Reference> roots() {
        return List.of();
    }

    @Override
    public CollectReport collect(CollectOptions options, ProgressListener progress, Cancellation cancellation) {
        throw keepsAll("Collecting");
    }

    private OciException keepsAll(String attempted) {
        return OciException.invalid(
                "oci.no-collection",
                attempted + " was refused: the OCI image layout " + root + " keeps all its blobs and knows no roots.");
    }

    /** Damaged blobs of a layout opened for writing are moved to {@code quarantine/}. */
    @Override
    public VerifyReport verify(Collection<Digest> digests, ProgressListener progress, Cancellation cancellation) {
        return Verification.verify(
                this, digests, digest -> !writable || blobs.quarantine(digest), progress, cancellation);
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
