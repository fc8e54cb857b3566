package dev.slipway.oci.transfer;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How far each blob of a running pull is, told by those who bring them to those who read them already. */
final class Arrivals {
    private static final long LOOK_AGAIN_MILLIS = 500;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Digest, State> states = new HashMap<>();
    private @Nullable Throwable failure;

    /**
     * A blob's state.
     *
     * @param file what grows; empty while nothing has come, or when the store has no files
     * @param available how many bytes of the file are good for reading
     * @param beginning counts how often the blob had to begin anew
     */
    record State(Optional<Path> file, long available, int beginning, boolean complete) {
        static final State NOTHING = new State(Optional.empty(), 0, 0, false);
    }

    Arrivals(Collection<Descriptor> blobs) {
        blobs.forEach(blob -> states.put(blob.digest(), State.NOTHING));
    }

    boolean expects(Digest digest) {
        return states.containsKey(digest);
    }

    void advance(Digest digest, Optional<Path> file, long available) {
        update(digest, new State(file, available, state(digest).beginning, false));
    }

    void restart(Digest digest) {
        update(digest, new State(Optional.empty(), 0, state(digest).beginning + 1, false));
    }

    void complete(Digest digest) {
        State last = state(digest);
        update(digest, new State(last.file, last.available, last.beginning, true));
    }

    /** Nothing more will come. What failed first is what readers hear of. */
    void fail(Throwable reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void throwIfFailed() {
        lock.lock();
        try {
            if (failure != null) {
                throw rethrown(failure);
            }
        } finally {
            lock.unlock();
        }
    }

    private void update(Digest digest, State state) {
        lock.lock();
        try {
            states.put(digest, state);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    State state(Digest digest) {
        lock.lock();
        try {
            return states.getOrDefault(digest, State.NOTHING);
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next state that is not {@code known}; looks up now and then for the caller to see whether it was cancelled. Every
     * wait ends: whoever brings the blobs gives up when they fall silent, and says so here.
     */
    State next(Digest digest, State known) throws InterruptedException {
        lock.lock();
        try {
            State state = state(digest);
            if (state.equals(known) && failure == null) {
                boolean _ = changed.await(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                state = state(digest);
            }
            if (!state.complete && failure != null) {
                throw rethrown(failure);
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    private static RuntimeException rethrown(Throwable failure) {
        return switch (failure) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case Throwable e -> new IllegalStateException(e);
        };
    }
}
