package dev.slipway.oci.build;

import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.ContentStore;
import java.util.ArrayList;
import java.util.List;

/** An image that another one is built on. */
record BaseImage(ImageManifest manifest, ImageConfig config) {
    BaseImage {
        if (manifest.layers().size() != config.diffIds().size()) {
            throw OciException.corrupt(
                    "oci.diff-id-mismatch",
                    "Building on " + manifest.digest() + " failed: it has "
                            + manifest.layers().size() + " layers, and its config names "
                            + config.diffIds().size() + " diff ids.");
        }
    }

    /** Its layers, all of which the store has, by the names that OCI has for their types. */
    List<BuiltLayer> layers(ContentStore store) {
        List<BuiltLayer> layers = new ArrayList<>();
        for (int i = 0; i < manifest.layers().size(); i++) {
            Descriptor layer = manifest.layers().get(i);
            if (!store.has(layer.digest())) {
                throw OciException.missing(
                        "oci.content-missing",
                        "Building on " + manifest.digest() + " failed: its layer " + layer.digest()
                                + " is not in the store.");
            }
            layers.add(new BuiltLayer(
                    Descriptor.of(MediaTypes.toOci(layer.mediaType()), layer.digest(), layer.size()),
                    config.diffIds().get(i),
                    ""));
        }
        return layers;
    }
}
