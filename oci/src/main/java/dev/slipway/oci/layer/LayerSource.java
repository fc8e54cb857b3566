package dev.slipway.oci.layer;

import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.io.InputStream;

/** Gives the stored, perhaps compressed, bytes of layers, which may be arriving still. */
@FunctionalInterface
public interface LayerSource {
    /**
     * Opens a layer from its start. Reads wait for bytes that have not arrived yet. The stream ends only once the blob's
     * size and digest were found right and the blob is in the content store; an arrival that failed, or had to begin again
     * after bytes were read, makes reads fail. A blob that is at rest may be opened any number of times.
     */
    InputStream open(Descriptor layer, Cancellation cancellation) throws IOException;

    /** Layers that are at rest in a content store. */
    static LayerSource of(ContentStore store) {
        return (layer, _) -> store.open(layer.digest());
    }
}
