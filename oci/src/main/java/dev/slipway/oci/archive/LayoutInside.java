package dev.slipway.oci.archive;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks for an image in the OCI image layout that a newer Docker archive is as well. */
final class LayoutInside {
    private static final int MAX_DEPTH = 4;

    private final LayoutSource layout;
    private final Digest config;
    private final Set<Digest> seen = new HashSet<>();

    private LayoutInside(LayoutSource layout, Digest config) {
        this.layout = layout;
        this.config = config;
    }

    /** The manifest of the image with that config, when it and all that it names are here. */
    static Optional<ImageManifest> find(ImageFiles files, Digest config) {
        if (!files.has("oci-layout") || !files.has(LayoutSource.INDEX)) {
            return Optional.empty();
        }
        LayoutSource layout = new LayoutSource(files, "");
        return new LayoutInside(layout, config).find(layout.entries(), 0);
    }

    private Optional<ImageManifest> find(List<Descriptor> entries, int depth) {
        if (depth == MAX_DEPTH) {
            throw OciException.corrupt(
                    "oci.invalid-document",
                    "Reading " + layout.description() + " failed: indexes are nested deeper than " + MAX_DEPTH + ".");
        }
        for (Descriptor entry : entries) {
            boolean document = MediaTypes.isManifest(entry.mediaType()) || MediaTypes.isIndex(entry.mediaType());
            // Each once: indexes that name each other over and over shall not keep us busy.
            if (!document || !seen.add(entry.digest())) {
                continue;
            }
            Optional<ImageManifest> found = layout.find(entry).flatMap(read -> switch (read) {
                case ImageManifest manifest -> Optional.of(manifest).filter(one -> fits(one));
                case ImageIndex index -> find(index.manifests(), depth + 1);
            });
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private boolean fits(ImageManifest manifest) {
        List<Descriptor> blobs = new ArrayList<>(manifest.layers());
        blobs.add(manifest.config());
        return manifest.config().digest().equals(config) && layout.holds(blobs);
    }
}
