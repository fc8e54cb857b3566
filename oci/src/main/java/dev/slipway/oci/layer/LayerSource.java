package dev.slipway.oci.layer;

import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.io.InputStream;

/** Where a layer's stored bytes come from: a store that has them, or a pull that still brings them. */
@FunctionalInterface
public interface LayerSource {
    /** The code of the error with which reading ends when the layer's bytes so far were wrong, and right ones are coming. */
    String RESTARTED = "oci.arrival-restarted";

    /**
     * Opens a layer's stored, usually compressed, bytes from their start.
     *
     * <p>A read waits for bytes that are still on their way. The stream ends only after the blob's size and digest proved
     * right; when the blob fails to arrive, or begins anew, reading throws. A layer may be opened again once it was read to
     * its end, or to an error with the code {@link #RESTARTED}.
     *
     * @param cancellation ends a wait for bytes
     */
    InputStream open(Descriptor layer, Cancellation cancellation) throws IOException;

    /** Layers that a store holds. */
    static LayerSource of(ContentStore store) {
        return (layer, _) -> store.open(layer.digest());
    }
}
