package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.ContentStore;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/** Manifests read lately. They never change, but they may go: whether one is still there is asked each time. */
final class ManifestCache {
    private static final long MOST_BYTES = 32L << 20;
    /** What an entry costs beside its bytes, roughly. */
    private static final long OVERHEAD = 1024;

    private final ContentStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, StoredManifest> recent = new LinkedHashMap<>(64, 0.75f, true);
    private long bytes;

    ManifestCache(ContentStore store) {
        this.store = store;
    }

    /** The manifest of that digest; empty when there is no such blob, it is no manifest, or its bytes have been damaged. */
    Optional<StoredManifest> find(Digest digest) {
        OptionalLong size = store.size(digest);
        if (size.isEmpty() || size.getAsLong() > ManifestDocument.MAX_SIZE.bytes()) {
            return Optional.empty();
        }
        lock.lock();
        try {
            StoredManifest known = recent.get(digest);
            if (known != null) {
                return Optional.of(known);
            }
        } finally {
            lock.unlock();
        }
        Optional<StoredManifest> read = read(digest);
        read.ifPresent(this::keep);
        return read;
    }

    private Optional<StoredManifest> read(Digest digest) {
        try {
            byte[] found = store.read(digest, ManifestDocument.MAX_SIZE);
            if (!Digest.of(digest.algorithm(), digest.hasher().digest(found)).equals(digest)) {
                return Optional.empty();
            }
            return Optional.of(StoredManifest.of(digest, found, ManifestDocument.parse(found, "")));
        } catch (CodedException e) {
            if (e.kind() == ErrorKind.CORRUPT || e.kind() == ErrorKind.INVALID || e.kind() == ErrorKind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void keep(StoredManifest manifest) {
        lock.lock();
        try {
            if (recent.put(manifest.digest(), manifest) == null) {
                bytes += weight(manifest);
            }
            var oldest = recent.values().iterator();
            while (bytes > MOST_BYTES && oldest.hasNext()) {
                bytes -= weight(oldest.next());
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private static long weight(StoredManifest manifest) {
        // The annotations are held a second time, read.
        return 2L * manifest.bytes().length + OVERHEAD;
    }
}
