package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store's folders as a collection sees them. */
record DiskCollectable(
        BlobFolder blobs,
        IngestFolder ingests,
        UploadFolder uploads,
        ReferenceFolder referenceFolder,
        ReferenceFolder rootFolder,
        LeaseFolder leases)
        implements Collectable {
    @Override
    public List<BlobFolder.Entry> entries() {
        return blobs.entries();
    }

    @Override
    public Optional<byte[]> document(Digest digest) {
        return blobs.document(digest);
    }

    @Override
    public List<Reference> references() {
        return referenceFolder.references();
    }

    @Override
    public List<Reference> roots() {
        return rootFolder.references();
    }

    @Override
    public Set<Digest> leased() {
        return leases.leased();
    }

    @Override
    public boolean setAside(Digest digest) {
        return blobs.setAside(digest);
    }

    @Override
    public void bringBack(Digest digest) {
        blobs.bringBack(digest);
    }

    @Override
    public void bringBackAll() {
        blobs.bringBackAll();
    }

    @Override
    public boolean purge(Digest digest) {
        return blobs.purge(digest);
    }

    @Override
    public boolean untag(Reference listed) {
        return referenceFolder.remove(listed);
    }

    @Override
    public CollectReport.Tally sweep(Instant before, boolean dryRun) {
        if (!dryRun) {
            leases.sweep();
            referenceFolder.removeEmptyFolders();
            rootFolder.removeEmptyFolders();
        }
        return ingests.sweep(before, dryRun).plus(uploads.sweep(before, dryRun));
    }
}
