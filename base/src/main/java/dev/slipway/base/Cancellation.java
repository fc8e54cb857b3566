package dev.slipway.base;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A request to stop, shared between whoever asks and whoever works: a flag, plus the closing of what the work owns.
 *
 * <p>Nothing is interrupted: an interrupt inside a shared {@code FileChannel} would close it for everyone.
 */
public final class Cancellation {
    private final ReentrantLock lock = new ReentrantLock();
    private final Set<Registration> registrations = new LinkedHashSet<>();
    private volatile boolean cancelled;

    /** A token that nobody holds the other end of. */
    public static Cancellation never() {
        return new Cancellation();
    }

    /** Asks the work to stop; runs what was registered, once, on this thread. */
    public void cancel() {
        Set<Registration> toRun;
        lock.lock();
        try {
            if (cancelled) {
                return;
            }
            cancelled = true;
            toRun = Set.copyOf(registrations);
            registrations.clear();
        } finally {
            lock.unlock();
        }
        toRun.forEach(registration -> registration.action.run());
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /** Throws {@code base.cancelled} once {@link #cancel} was called. */
    public void throwIfCancelled() {
        if (cancelled) {
            throw BaseException.cancelled();
        }
    }

    /**
     * Registers what unblocks the work, such as the closing of a socket: run at once when already cancelled, and
     * forgotten when the registration is closed.
     */
    public Registration onCancel(Runnable action) {
        Registration registration = new Registration(this, action);
        lock.lock();
        try {
            if (!cancelled) {
                registrations.add(registration);
                return registration;
            }
        } finally {
            lock.unlock();
        }
        action.run();
        return registration;
    }

    /** Undoes one {@link #onCancel}. */
    public static final class Registration implements AutoCloseable {
        private final Cancellation owner;
        private final Runnable action;

        private Registration(Cancellation owner, Runnable action) {
            this.owner = owner;
            this.action = action;
        }

        @Override
        public void close() {
            owner.lock.lock();
            try {
                owner.registrations.remove(this);
            } finally {
                owner.lock.unlock();
            }
        }
    }
}
