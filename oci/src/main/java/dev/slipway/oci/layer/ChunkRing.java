package dev.slipway.oci.layer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fixed number of chunks of uncompressed bytes between the thread that inflates and the one that delivers. Every chunk is
 * hashed too, by whichever of the two would otherwise wait: which one that is depends on whether files are large or small.
 */
final class ChunkRing {
    private static final int CHUNKS = 16;
    private static final int CHUNK_BYTES = 1 << 18;
    /** Nothing that is waited for is missed; a longer wait would only be wrong if a signal were. */
    private static final long WAIT_SECONDS = 1;

    private final List<Digest> diffIds;
    private final List<Chunk> chunks = new ArrayList<>();
    private final @Nullable Digest[] digests;
    private final Cancellation cancellation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private @Nullable MessageDigest hasher;
    private long filled;
    private long hashed;
    private long taken;
    private boolean hashing;
    private boolean closed;
    private @Nullable Throwable failure;

    /** Bytes of one layer. */
    static final class Chunk {
        private final ByteBuffer bytes = ByteBuffer.allocateDirect(CHUNK_BYTES);
        private int layer;
        private boolean last;

        /** From its start to how far it is filled. */
        ByteBuffer bytes() {
            return bytes;
        }

        /** Whether the layer ends with it. */
        boolean isLast() {
            return last;
        }
    }

    /** Creates a ring for layers that shall hash to these. */
    ChunkRing(List<Digest> diffIds, Cancellation cancellation) {
        this.diffIds = diffIds;
        this.digests = new Digest[diffIds.size()];
        this.cancellation = cancellation;
    }

    /** A chunk to be filled, or null when nobody wants any more. */
    @Nullable
    Chunk claim() {
        lock.lock();
        try {
            while (!closed && filled - Math.min(hashed, taken) == CHUNKS) {
                hashOrWait();
            }
            if (closed) {
                return null;
            }
            int place = (int) (filled % CHUNKS);
            if (place == chunks.size()) {
                chunks.add(new Chunk());
            }
            Chunk chunk = chunks.get(place);
            chunk.bytes.clear();
            return chunk;
        } finally {
            lock.unlock();
        }
    }

    /** Hands over what {@link #claim} gave, filled and flipped. */
    void publish(int layer, boolean last) {
        lock.lock();
        try {
            Chunk chunk = chunks.get((int) (filled % CHUNKS));
            chunk.layer = layer;
            chunk.last = last;
            filled++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Says that no more will come; what was handed over is still delivered. */
    void fail(Throwable cause) {
        lock.lock();
        try {
            failure = cause;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The next chunk; the one before it must have been released. */
    Chunk take() {
        lock.lock();
        try {
            while (taken == filled) {
                requireGoing();
                hashOrWait();
            }
            return chunks.get((int) (taken % CHUNKS));
        } finally {
            lock.unlock();
        }
    }

    /** Gives back what {@link #take} gave. */
    void release() {
        lock.lock();
        try {
            taken++;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The digest of a layer whose last chunk was taken. */
    Digest digest(int layer) {
        lock.lock();
        try {
            @Nullable Digest digest = digests[layer];
            while (digest == null) {
                requireGoing();
                hashOrWait();
                digest = digests[layer];
            }
            return digest;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the work of whoever fills. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void requireGoing() {
        cancellation.throwIfCancelled();
        switch (failure) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    private void hashOrWait() {
        if (hashing || hashed == filled) {
            await();
            return;
        }
        Chunk chunk = chunks.get((int) (hashed % CHUNKS));
        hashing = true;
        lock.unlock();
        try {
            hash(chunk);
        } finally {
            lock.lock();
            hashing = false;
            hashed++;
            changed.signalAll();
        }
    }

    /** Called without the lock, by one thread at a time. */
    private void hash(Chunk chunk) {
        MessageDigest current = hasher == null ? diffIds.get(chunk.layer).hasher() : hasher;
        current.update(chunk.bytes.duplicate().rewind());
        hasher = current;
        if (chunk.last) {
            digests[chunk.layer] = Digest.of(diffIds.get(chunk.layer).algorithm(), current.digest());
            hasher = null;
        }
    }

    private void await() {
        try {
            if (!changed.await(WAIT_SECONDS, TimeUnit.SECONDS)) {
                cancellation.throwIfCancelled();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("flattening threads are not interrupted", e);
        }
    }
}
