package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Blobs by digest, and references that name one of them. A blob is seen only once its bytes are complete and match their
 * digest, and never changes after that.
 *
 * <p>All methods may be called from any thread.
 */
public interface ContentStore {
    /** The size of a blob in bytes, or empty when it is not here. */
    OptionalLong size(Digest digest);

    default boolean has(Digest digest) {
        return size(digest).isPresent();
    }

    /**
     * Opens a blob from its start.
     *
     * @throws OciException {@code oci.content-missing}
     */
    InputStream open(Digest digest);

    /** The file that holds a blob, for sending it without copying; empty when it is not here or not a file. */
    Optional<Path> file(Digest digest);

    /**
     * Reads a small blob whole, such as a manifest.
     *
     * @throws OciException {@code oci.content-missing}, {@code oci.document-too-large}
     */
    default byte[] read(Digest digest, ByteSize limit) {
        try (InputStream in = open(digest)) {
            byte[] bytes = in.readNBytes(Math.toIntExact(limit.bytes() + 1));
            if (bytes.length > limit.bytes()) {
                throw OciException.invalid(
                        "oci.document-too-large",
                        "Reading " + digest + " was refused: it is longer than the " + limit + " allowed.");
            }
            return bytes;
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + digest, e);
        }
    }

    /**
     * Starts to take in a blob, or goes on where an earlier attempt, perhaps of a process that was killed, had stopped.
     * Waits while someone else takes in the same blob.
     *
     * @param size how many bytes the blob has
     */
    Ingest ingest(Digest expected, long size, Cancellation cancellation);

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
    default Staging stage(String id) {
        throw new OciException(
                "oci.read-only",
                ErrorKind.EXHAUSTED,
                "Could not take in a blob: this content store can be read only.",
                "",
                null);
    }

    /**
     * Goes on with what {@link #stage} began; empty when there is none of that name, or it has ended.
     *
     * @throws OciException {@code oci.staging-busy} when someone else is at it
     */
    default Optional<Staging> staged(String id) {
        return Optional.empty();
    }

    /** The store's folder, beside whose content others may keep what belongs to it; empty when it has none to write to. */
    default Optional<Path> folder() {
        return Optional.empty();
    }

    /** What a reference names. */
    Optional<Descriptor> resolve(String name);

    /**
     * Makes a reference name a blob, replacing what it named before.
     *
     * @param name usually the text of an {@link dev.slipway.oci.ImageReference}
     */
    void tag(String name, Descriptor descriptor);

    /** Removes a reference; the blobs stay. Says whether there was one. */
    boolean untag(String name);

    /** All references, sorted. */
    List<String> names();

    /** How many bytes may still be taken in, or empty when that is not known. */
    OptionalLong usableSpace();
}
