package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Blobs in memory, with what holds them; keeps to the same protocol as {@link BlobFolder}. */
final class MemoryBlobs {
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Digest, Blob> inPlace = new HashMap<>();
    private final Map<Digest, Blob> aside = new HashMap<>();
    private final Set<MemoryLease> leases = new HashSet<>();

    private record Blob(byte[] bytes, Instant held) {}

    private <T> T locked(Supplier<T> action) {
        lock.lock();
        try {
            return action.get();
        } finally {
            lock.unlock();
        }
    }

    /** A blob's bytes, not to be changed; one that is aside comes back by that. */
    Optional<byte[]> find(Digest digest) {
        return locked(() -> {
            bringBack(digest);
            return Optional.ofNullable(inPlace.get(digest)).map(Blob::bytes);
        });
    }

    void add(Digest digest, byte[] bytes, Duration hold) {
        locked(() -> hold(digest, hold)
                || inPlace.put(digest, new Blob(bytes, Instant.now().plus(hold))) == null);
    }

    boolean remove(Digest digest) {
        return locked(() -> inPlace.remove(digest) != null);
    }

    boolean hold(Digest digest, Duration time) {
        Instant until = Instant.now().plus(time);
        return locked(() -> {
            bringBack(digest);
            return inPlace.computeIfPresent(
                            digest, (_, blob) -> blob.held().isBefore(until) ? new Blob(blob.bytes(), until) : blob)
                    != null;
        });
    }

    List<BlobFolder.Entry> entries() {
        return locked(() -> {
            List<BlobFolder.Entry> entries = new ArrayList<>();
            inPlace.forEach((digest, blob) -> entries.add(entry(digest, blob)));
            aside.forEach((digest, blob) -> entries.add(entry(digest, blob)));
            return entries;
        });
    }

    private static BlobFolder.Entry entry(Digest digest, Blob blob) {
        return new BlobFolder.Entry(digest, blob.bytes().length, blob.held());
    }

    /** A blob's bytes, wherever it is. */
    Optional<byte[]> look(Digest digest) {
        return locked(() -> Optional.ofNullable(inPlace.getOrDefault(digest, aside.get(digest)))
                .map(Blob::bytes));
    }

    boolean setAside(Digest digest) {
        return locked(() -> {
            Blob blob = inPlace.remove(digest);
            if (blob != null) {
                aside.put(digest, blob);
            }
            return aside.containsKey(digest);
        });
    }

    boolean bringBack(Digest digest) {
        return locked(() -> {
            Blob blob = aside.remove(digest);
            if (blob != null) {
                inPlace.put(digest, blob);
            }
            return blob != null;
        });
    }

    boolean purge(Digest digest) {
        return locked(() -> aside.remove(digest) != null);
    }

    Set<Digest> leased() {
        return locked(() -> {
            Set<Digest> leased = new HashSet<>();
            leases.forEach(lease -> leased.addAll(lease.digests));
            return leased;
        });
    }

    Lease lease() {
        return locked(() -> {
            MemoryLease lease = new MemoryLease();
            leases.add(lease);
            return lease;
        });
    }

    private final class MemoryLease implements Lease {
        private final Set<Digest> digests = new HashSet<>();

        @Override
        public boolean protect(Digest digest) {
            return locked(() -> {
                digests.add(digest);
                return find(digest).isPresent();
            });
        }

        @Override
        public void require() {
            // It cannot be lost while its process lives.
        }

        @Override
        public void close() {
            locked(() -> leases.remove(this));
        }
    }
}
