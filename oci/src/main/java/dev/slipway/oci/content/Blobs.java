package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Blobs by digest. One is seen only once its bytes are complete and match their digest, and never changes after that. */
public interface Blobs {
    /** The size of a blob in bytes, or empty when it is not here. */
    OptionalLong size(Digest digest);

    default boolean has(Digest digest) {
        return size(digest).isPresent();
    }

    /** The digests of all blobs, in no order. */
    List<Digest> blobs();

    /**
     * Opens a blob from its start. Its bytes matched the digest when they came; whoever must know that the disk has not
     * changed them since hashes them again.
     *
     * @throws OciException {@code oci.content-missing}
     */
    InputStream open(Digest digest);

    /** The file that holds a blob, for sending it without copying; empty when it is not here or not a file. */
    Optional<Path> file(Digest digest);

    /**
     * Reads a small blob whole, such as a manifest, and checks its bytes.
     *
     * @throws OciException {@code oci.content-missing}, {@code oci.document-too-large}, {@code oci.digest-mismatch}
     */
    default byte[] read(Digest digest, ByteSize limit) {
        byte[] bytes;
        try (InputStream in = open(digest)) {
            bytes = in.readNBytes(Math.toIntExact(limit.bytes() + 1));
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + digest, e);
        }
        if (bytes.length > limit.bytes()) {
            throw OciException.invalid(
                    "oci.document-too-large",
                    "Reading " + digest + " was refused: it is longer than the " + limit + " allowed.");
        }
        if (!digest.equals(Digest.of(digest.algorithm(), digest.hasher().digest(bytes)))) {
            throw BlobCheck.damaged(digest);
        }
        return bytes;
    }

    /**
     * Starts to take in a blob, or goes on where an earlier attempt, perhaps of a process that was killed, had stopped.
     * Waits while someone else takes in the same blob.
     *
     * @param size how many bytes the blob has
     */
    Ingest ingest(Digest expected, long size, Cancellation cancellation);

    /** How many bytes of a blob that has not come whole are here already, for {@link #ingest} to go on from. */
    default long arrived(Digest digest) {
        return 0;
    }

    /** Takes in bytes at hand; does nothing when they are here. */
    default void put(Digest digest, byte[] bytes) {
        try (Ingest ingest = ingest(digest, bytes.length, Cancellation.never())) {
            ingest.restart();
            ingest.write(bytes, 0, bytes.length);
            ingest.commit();
        }
    }

    /**
     * Begins to take in a blob whose digest is told only at its end.
     *
     * @param id a new name of lower-case letters, digits and dashes
     */
    Staging stage(String id);

    /**
     * Goes on with what {@link #stage} began; empty when there is none of that name, or it has ended.
     *
     * @throws OciException {@code oci.staging-busy} when someone else is at it
     */
    Optional<Staging> staged(String id);

    /** How many bytes may still be taken in, or empty when that is not known. */
    OptionalLong usableSpace();
}
