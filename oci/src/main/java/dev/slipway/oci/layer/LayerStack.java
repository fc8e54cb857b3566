package dev.slipway.oci.layer;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import java.util.List;

/**
 * The layers of an image with what they must hash to.
 *
 * @param layers lowest first
 * @param diffIds of the uncompressed layers, in the same order
 */
record LayerStack(List<Descriptor> layers, List<Digest> diffIds) {
    LayerStack {
        layers = List.copyOf(layers);
        diffIds = List.copyOf(diffIds);
        if (layers.size() != diffIds.size()) {
            throw OciException.corrupt(
                    "oci.diff-id-mismatch",
                    "Flattening the image failed: it has " + layers.size() + " layers, and its config names "
                            + diffIds.size() + " diff ids.");
        }
        for (Descriptor layer : layers) {
            if (!MediaTypes.isLayer(layer.mediaType())) {
                throw OciException.invalid(
                        "oci.unsupported-layer",
                        "Flattening the image failed: layer " + layer.digest() + " has the media type '"
                                + layer.mediaType() + "', which is no layer that Slipway can read.");
            }
        }
    }

    int size() {
        return layers.size();
    }

    /** How many bytes are stored. */
    long bytes() {
        return layers.stream().mapToLong(Descriptor::size).sum();
    }

    void requireDiffId(int layer, Digest actual) {
        if (!diffIds.get(layer).equals(actual)) {
            throw OciException.corrupt(
                    "oci.diff-id-mismatch",
                    "Flattening the image failed: layer " + layers.get(layer).digest() + " is " + actual
                            + " when uncompressed, and the config says " + diffIds.get(layer) + ".");
        }
    }
}
