package dev.slipway.oci.content;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * What keeps blobs, and their removal when nothing does.
 *
 * <p>A collection keeps what references, roots and leases name, with everything that their manifests and indexes name in
 * turn, and what is young or held. It runs beside pulls, pushes and servers of this and other processes. What it asks of
 * them: whoever relies on a blob being here protects it by a {@link #lease} or {@link #hold} first, and then looks.
 */
public interface Retention {
    /**
     * Says whether a blob is here, and if so keeps it for at least that long from now. Meant for answers such as "you
     * need not send it"; survives a restart of this process.
     */
    boolean hold(Digest digest, Duration time);

    /**
     * Begins to protect blobs, for the time of a pull or as long as a server uses an image.
     *
     * <p>This process renews the lease until it is closed; when the process dies, it ends after {@code ttl}.
     *
     * @param why what it is for, for people who look into the store
     */
    Lease lease(Duration ttl, String why);

    /** Keeps what a descriptor names until {@link #unroot}, under a name that is no reference and that no one else sees. */
    void root(String name, Descriptor descriptor);

    /** Removes a root. Says whether there was one. */
    boolean unroot(String name);

    /** All roots, sorted by name. */
    List<Reference> roots();

    /**
     * Removes what nothing needs any more: blobs, and what abandoned ingests, dead leases and earlier crashes left.
     *
     * @throws dev.slipway.oci.OciException {@code oci.digest-mismatch} when a manifest that is needed is damaged, for then
     *     it is not known what else is; nothing is removed
     */
    CollectReport collect(CollectOptions options, ProgressListener progress, Cancellation cancellation);

    /** Hashes blobs again and takes those whose bytes are wrong out of the store, so that they can be brought anew. */
    VerifyReport verify(Collection<Digest> digests, ProgressListener progress, Cancellation cancellation);
}
