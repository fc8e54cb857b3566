package dev.slipway.oci;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.oci.content.ContentStore;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Looks at what the names of a content store stand for. */
final class StoredImages {
    private static final int MAX_DEPTH = 4;

    private final ContentStore store;
    private final List<Platform> platforms = new ArrayList<>();
    private final Set<Digest> counted = new HashSet<>();
    private long size;
    private boolean complete;

    private StoredImages(ContentStore store) {
        this.store = store;
    }

    static List<StoredImage> list(ContentStore store) {
        List<StoredImage> found = new ArrayList<>();
        for (String name : store.names()) {
            // Another process may remove it while this one looks.
            store.resolve(name).ifPresent(descriptor -> found.add(new StoredImages(store).look(name, descriptor)));
        }
        return found;
    }

    private StoredImage look(String name, Descriptor descriptor) {
        visit(descriptor, 0);
        return new StoredImage(name, descriptor, platforms, size, complete);
    }

    private void visit(Descriptor descriptor, int depth) {
        Optional<ManifestDocument> document = document(descriptor);
        if (document.isEmpty() || depth == MAX_DEPTH) {
            return;
        }
        count(descriptor);
        switch (document.get()) {
            case ImageManifest manifest -> visit(descriptor, manifest);
            case ImageIndex index -> index.manifests().forEach(entry -> visit(entry, depth + 1));
        }
    }

    private void visit(Descriptor descriptor, ImageManifest manifest) {
        boolean whole = count(manifest.config());
        for (Descriptor layer : manifest.layers()) {
            whole &= count(layer);
        }
        complete |= whole;
        descriptor.platform().or(() -> platformOf(manifest)).ifPresent(platform -> {
            if (!platforms.contains(platform)) {
                platforms.add(platform);
            }
        });
    }

    private Optional<Platform> platformOf(ImageManifest manifest) {
        if (!MediaTypes.isImageConfig(manifest.config().mediaType())
                || !store.has(manifest.config().digest())) {
            return Optional.empty();
        }
        try {
            return Optional.of(ImageConfig.parse(store.read(manifest.config().digest(), ImageConfig.MAX_SIZE))
                    .platform());
        } catch (CodedException _) {
            return Optional.empty();
        }
    }

    private boolean count(Descriptor content) {
        var present = store.size(content.digest());
        if (present.isPresent() && counted.add(content.digest())) {
            size += present.getAsLong();
        }
        return present.isPresent();
    }

    /** A list shows what it can; a damaged document is for whoever uses it to complain about. */
    private Optional<ManifestDocument> document(Descriptor descriptor) {
        try {
            return store.has(descriptor.digest())
                    ? Optional.of(ManifestDocument.parse(
                            store.read(descriptor.digest(), ManifestDocument.MAX_SIZE), descriptor.mediaType()))
                    : Optional.empty();
        } catch (CodedException _) {
            return Optional.empty();
        }
    }
}
