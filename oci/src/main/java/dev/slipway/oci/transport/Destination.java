package dev.slipway.oci.transport;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import java.util.function.LongConsumer;

/**
 * A place that one image is written to, such as a repository in a registry, a content store or an archive, under the name
 * that it was opened with.
 *
 * <p>Blobs come first, then manifests, children before their parents; {@link #publish} comes last and makes the name stand
 * for the image. Before it nobody who asks for the name sees anything new. Blobs may be put side by side from several
 * threads; every other call is made by one thread at a time. Closing without {@link #publish} gives up: what others cannot
 * use is removed.
 */
public interface Destination extends AutoCloseable {
    /** Names the place, for messages. */
    String description();

    /** What the place can hold, and how it wants it. */
    default Demands demands() {
        return Demands.NONE;
    }

    /**
     * What not every place can hold.
     *
     * @param ociTypes documents must have the media types of OCI, not Docker's, since those who read the place know no other
     * @param oneImage there is no place for an index, so that one of its images has to be chosen
     * @param inOrder blobs come one after the other, in the order of the manifest, the config before the layers
     * @param compressed layers are better sent compressed than plain, when the choice is free
     */
    record Demands(boolean ociTypes, boolean oneImage, boolean inOrder, boolean compressed) {
        /** Everything may come, in any order. */
        public static final Demands NONE = new Demands(false, false, false, false);
    }

    /** Whether the place holds a blob or, when its media type says so, a manifest already. */
    boolean has(Descriptor content, Cancellation cancellation);

    /**
     * Takes over a blob that the same place holds under another repository, without moving its bytes.
     *
     * @param fromRepository a repository at the same host, without the host
     * @return whether the blob is here now; when not, it has to be put
     */
    default boolean mount(Descriptor blob, String fromRepository, Cancellation cancellation) {
        return false;
    }

    /**
     * Writes a blob; it has arrived whole, with the right size and digest, when this returns.
     *
     * @param arrived hears how many of the blob's bytes are across so far; after an interruption that may be less than before
     * @throws CodedException when source or place fail for good; such as {@code oci.digest-mismatch}
     */
    void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation);

    /** Writes a manifest or an index, its bytes as they are, to be found by its digest. What it names is here already. */
    void putManifest(ManifestDocument manifest, Cancellation cancellation);

    /** Makes the name that this place was opened with stand for a manifest or an index, and ends the writing. */
    void publish(ManifestDocument root, Cancellation cancellation);

    @Override
    void close();
}
