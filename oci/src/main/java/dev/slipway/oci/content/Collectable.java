package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a collection needs of a store. */
interface Collectable {
    /** All blobs, those aside included. */
    List<BlobFolder.Entry> entries();

    /**
     * The bytes of a blob that may be a document, none of another blob, empty when it is not here. A look that brings
     * nothing back.
     *
     * @throws dev.slipway.oci.OciException {@code oci.digest-mismatch}
     */
    Optional<byte[]> document(Digest digest);

    List<Reference> references();

    List<Reference> roots();

    Set<Digest> leased();

    /** Takes a blob out of its place, from where whoever asks for it brings it back; false when it is gone. */
    boolean setAside(Digest digest);

    /** Brings a blob that is aside back into its place. */
    void bringBack(Digest digest);

    /** Brings back what a collection that died has left aside. */
    void bringBackAll();

    /** Removes a blob that is aside for good; false when it is not aside any more. */
    boolean purge(Digest digest);

    /** Removes a reference that has not changed since it was listed. */
    boolean untag(Reference listed);

    /** Drops ingests that nobody went on with, and other leftovers. */
    CollectReport.Tally sweep(Instant before, boolean dryRun);
}
