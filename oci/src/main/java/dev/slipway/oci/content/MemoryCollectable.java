package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import dev.slipway.oci.ManifestDocument;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A store in memory as a collection sees it. */
record MemoryCollectable(MemoryBlobs blobs, MemoryReferences referenceMap, MemoryReferences rootMap)
        implements Collectable {
    @Override
    public List<BlobFolder.Entry> entries() {
        return blobs.entries();
    }

    @Override
    public Optional<byte[]> document(Digest digest) {
        return blobs.look(digest)
                .map(bytes -> bytes.length > 0 && bytes[0] == '{' && bytes.length <= ManifestDocument.MAX_SIZE.bytes()
                        ? bytes
                        : new byte[0]);
    }

    @Override
    public List<Reference> references() {
        return referenceMap.all();
    }

    @Override
    public List<Reference> roots() {
        return rootMap.all();
    }

    @Override
    public Set<Digest> leased() {
        return blobs.leased();
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
        // Nothing survives a crash here.
    }

    @Override
    public boolean purge(Digest digest) {
        return blobs.purge(digest);
    }

    @Override
    public boolean untag(Reference listed) {
        return referenceMap.remove(listed.name(), listed::equals);
    }

    @Override
    public CollectReport.Tally sweep(Instant before, boolean dryRun) {
        return CollectReport.Tally.NONE;
    }
}
