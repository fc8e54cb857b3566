package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A content store in a folder, shared safely between threads and processes.
 *
 * <p>In the folder, beside the blobs of an OCI image layout: {@code references/} and {@code roots/} (see
 * {@link ReferenceFile}), {@code leases/}, {@code ingest/} and {@code uploads/} where blobs arrive, {@code aside/} while
 * a collection runs, {@code quarantine/} with what {@link #verify} took out, and {@code locks}. {@code index.json} is a
 * view for other tools, written by {@link #writeIndex} and by {@link #close}.
 */
public final class DiskContentStore implements ContentStore, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(DiskContentStore.class.getName());
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** How long a registry's client has, after its upload has ended, to name the blob in a manifest. */
    private static final Duration UPLOAD_HOLD = Duration.ofHours(1);

    private final Path root;
    private final NameLocks locks;
    private final BlobFolder blobs;
    private final IngestFolder ingests;
    private final UploadFolder uploads;
    private final ReferenceFolder references;
    private final ReferenceFolder roots;
    private final LeaseFolder leases;
    private final AtomicBoolean indexOutdated = new AtomicBoolean();

    private DiskContentStore(Path root, NameLocks locks) {
        this.root = root;
        this.locks = locks;
        this.blobs = new BlobFolder(root);
        Path ingest = root.resolve("ingest");
        this.ingests = new IngestFolder(ingest, blobs, locks);
        this.uploads = new UploadFolder(
                root.resolve("uploads"), (file, digest) -> blobs.publish(file, digest, UPLOAD_HOLD, locks));
        this.references = new ReferenceFolder(root.resolve("references"), ingest, locks);
        this.roots = new ReferenceFolder(root.resolve("roots"), ingest, locks);
        this.leases = new LeaseFolder(root.resolve("leases"), blobs);
    }

    /** Opens the store in a folder, which is created when missing. One that exists may be read only. */
    public static DiskContentStore open(Path folder) {
        Path root = folder.toAbsolutePath();
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root);
            }
            DiskContentStore store = new DiskContentStore(root, NameLocks.in(root));
            store.blobs.create();
            Folders.make(store.references.root());
            store.ingests.sweepReferences();
            store.references.takeOver();
            if (!Files.exists(root.resolve(LayoutIndex.FILE))) {
                store.writeIndex();
            }
            return store;
        } catch (IOException e) {
            throw AtomicFiles.explain("open the content store " + folder, e);
        }
    }

    @Override
    public Optional<Path> folder() {
        return Optional.of(root);
    }

    @Override
    public OptionalLong size(Digest digest) {
        return blobs.size(digest);
    }

    @Override
    public List<Digest> blobs() {
        return blobs.entries().stream().map(BlobFolder.Entry::digest).toList();
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
        return ingests.ingest(this, expected, size, cancellation);
    }

    @Override
    public Staging stage(String id) {
        return uploads.create(id);
    }

    @Override
    public Optional<Staging> staged(String id) {
        return uploads.reopen(id);
    }

    @Override
    public long arrived(Digest digest) {
        return ingests.arrived(digest);
    }

    @Override
    public OptionalLong usableSpace() {
        return blobs.usableSpace();
    }

    @Override
    public Optional<Descriptor> resolve(String name) {
        return references.resolve(name);
    }

    @Override
    public void tag(String name, Descriptor descriptor) {
        changed(references.replace(name, _ -> true, descriptor));
    }

    @Override
    public boolean tagNew(String name, Descriptor descriptor) {
        return changed(references.replace(name, Optional::isEmpty, descriptor));
    }

    @Override
    public boolean retag(String name, Descriptor expected, Descriptor descriptor) {
        return changed(references.replace(
                name, present -> present.filter(expected::equals).isPresent(), descriptor));
    }

    @Override
    public boolean untag(String name) {
        return changed(references.remove(name, _ -> true));
    }

    @Override
    public boolean untag(String name, Descriptor expected) {
        return changed(references.remove(name, expected::equals));
    }

    private boolean changed(boolean changed) {
        if (changed) {
            indexOutdated.set(true);
        }
        return changed;
    }

    @Override
    public List<String> names() {
        return references.names();
    }

    @Override
    public List<String> names(String repository) {
        return references.names(repository);
    }

    @Override
    public List<Reference> references() {
        return references.references();
    }

    @Override
    public List<Reference> references(String repository) {
        return references.references(repository);
    }

    @Override
    public boolean hold(Digest digest, Duration time) {
        return blobs.hold(digest, time, locks);
    }

    @Override
    public Lease lease(Duration ttl, String why) {
        return leases.lease(ttl, why);
    }

    @Override
    public void root(String name, Descriptor descriptor) {
        roots.replace(name, _ -> true, descriptor);
    }

    @Override
    public boolean unroot(String name) {
        return roots.remove(name, _ -> true);
    }

    @Override
    public List<Reference> roots() {
        return roots.references();
    }

    @Override
    public CollectReport collect(CollectOptions options, ProgressListener progress, Cancellation cancellation) {
        CollectReport report = new Collector(collectable(), options, progress, cancellation).run();
        changed(!report.dryRun() && !report.untagged().isEmpty());
        return report;
    }

    Collectable collectable() {
        return new DiskCollectable(blobs, ingests, uploads, references, roots, leases);
    }

    /** Damaged blobs are moved to {@code quarantine/}. */
    @Override
    public VerifyReport verify(Collection<Digest> digests, ProgressListener progress, Cancellation cancellation) {
        return Verification.verify(this, digests, blobs::quarantine, progress, cancellation);
    }

    /** Writes {@code index.json} so that tools which read OCI image layouts see the references of this moment. */
    public void writeIndex() {
        // Listing and writing under one lock: else an older list might be written over a newer one.
        try (var _ = locks.acquire("the index of " + root, PATIENCE, Cancellation.never())) {
            indexOutdated.set(false);
            List<Descriptor> manifests = references.references().stream()
                    .map(reference -> LayoutIndex.named(reference.name(), reference.descriptor()))
                    .toList();
            LayoutIndex.write(root, manifests);
        }
    }

    /**
     * Brings {@code index.json} up to date if references were changed through this object. On a full disk it stays as it
     * was: it is but a view, and whoever makes room must not fail for it.
     */
    @Override
    public void close() {
        if (!indexOutdated.get()) {
            return;
        }
        try {
            writeIndex();
        } catch (CodedException e) {
            if (e.kind() != ErrorKind.EXHAUSTED) {
                throw e;
            }
            LOG.log(Level.DEBUG, "The index of " + root + " was not written", e);
        }
    }
}
