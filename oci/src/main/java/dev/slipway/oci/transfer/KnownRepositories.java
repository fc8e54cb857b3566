package dev.slipway.oci.transfer;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.ContentStore;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Which repositories of one registry hold which blobs, as far as the names in a content store tell: what was pulled from a
 * repository, or pushed to it, is there.
 */
final class KnownRepositories {
    private static final int MAX_DEPTH = 4;

    private final ContentStore store;
    private final ImageReference target;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Map<Digest, String> known;

    /** Knows of the target's registry; the target's own repository is no place to take anything from. */
    KnownRepositories(ContentStore store, ImageReference target) {
        this.store = store;
        this.target = target;
    }

    /** A repository that holds the blob; empty when none is known. */
    String holding(Descriptor blob) {
        lock.lock();
        try {
            Map<Digest, String> present = known;
            if (present == null) {
                present = read();
                known = present;
            }
            return present.getOrDefault(blob.digest(), "");
        } finally {
            lock.unlock();
        }
    }

    private Map<Digest, String> read() {
        Map<Digest, String> found = new HashMap<>();
        for (String name : store.names()) {
            try {
                ImageReference reference = ImageReference.parse(name);
                if (reference.host().equals(target.host())
                        && !reference.repository().equals(target.repository())) {
                    store.resolve(name).ifPresent(root -> add(root, reference.repository(), found, 0));
                }
            } catch (CodedException _) {
                // A name that is no reference, or an image that is damaged: others may help.
            }
        }
        return found;
    }

    private void add(Descriptor document, String repository, Map<Digest, String> found, int depth) {
        if (depth == MAX_DEPTH || !store.has(document.digest())) {
            return;
        }
        byte[] bytes = store.read(document.digest(), ManifestDocument.MAX_SIZE);
        switch (ManifestDocument.parse(bytes, document.mediaType())) {
            case ImageIndex index -> index.manifests().forEach(entry -> add(entry, repository, found, depth + 1));
            case ImageManifest manifest -> {
                found.putIfAbsent(manifest.config().digest(), repository);
                manifest.layers().forEach(layer -> found.putIfAbsent(layer.digest(), repository));
            }
        }
    }
}
