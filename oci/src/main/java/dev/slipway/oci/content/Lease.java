package dev.slipway.oci.content;

import dev.slipway.base.Digest;

/** Protects blobs from being collected until it is closed, or until some time after its process has died. */
public interface Lease extends AutoCloseable {
    /**
     * Protects a blob from now on, also one that is still to come; of a manifest or an index, all that it names. Says
     * whether the blob is here.
     *
     * @throws dev.slipway.oci.OciException {@code oci.lease-lost} when this process slept past the lease's end
     */
    boolean protect(Digest digest);

    /**
     * Makes sure that the lease has held all the time.
     *
     * @throws dev.slipway.oci.OciException {@code oci.lease-lost}
     */
    void require();

    /** Ends the protection. */
    @Override
    void close();
}
