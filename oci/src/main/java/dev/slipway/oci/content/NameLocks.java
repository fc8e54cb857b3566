package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Exclusive locks on named things, between threads and between processes, held by the kernel and gone with their holder.
 *
 * <p>A name is one byte in the range of a lock file that stays empty: so there is one file however many names there are,
 * none is left behind, and none has to be deleted while another process may be about to lock it. Two names with the same
 * byte, one in 2^61 by chance, wait for each other needlessly.
 */
final class NameLocks {
    private static final Duration FIRST_POLL = Duration.ofMillis(1);
    private static final Duration LONGEST_POLL = Duration.ofMillis(25);

    /**
     * The lock files this process has open. The kernel drops all of a process's locks on a file as soon as any channel
     * on it is closed: so all stores of this process share one, and it is closed when no lock is held.
     */
    private static final ConcurrentHashMap<Path, Shared> OPEN = new ConcurrentHashMap<>();

    private static final Turns<Key> TURNS = new Turns<>();

    private final Path file;

    private NameLocks(Path file) {
        this.file = file;
    }

    private record Key(Path file, long position) {}

    private static final class Shared {
        final FileChannel channel;
        int users;

        Shared(FileChannel channel) {
            this.channel = channel;
        }
    }

    /** Locks in a file of an existing folder; the file is created when first needed. */
    static NameLocks in(Path folder) throws IOException {
        return new NameLocks(folder.toRealPath().resolve("locks"));
    }

    /** Waits for the lock. */
    Held acquire(String name, Duration patience, Cancellation cancellation) {
        long deadline = System.nanoTime() + patience.toNanos();
        Key key = key(name);
        TURNS.begin(key, name, patience, cancellation);
        try {
            long pause = FIRST_POLL.toNanos();
            Held held = tryLock(key);
            while (held == null) {
                cancellation.throwIfCancelled();
                if (System.nanoTime() - deadline > 0) {
                    throw Turns.busy(name, patience);
                }
                LockSupport.parkNanos(pause);
                pause = Math.min(2 * pause, LONGEST_POLL.toNanos());
                held = tryLock(key);
            }
            return held;
        } catch (IOException e) {
            TURNS.end(key);
            throw AtomicFiles.explain("lock " + name, e);
        } catch (RuntimeException e) {
            TURNS.end(key);
            throw e;
        }
    }

    /** Takes the lock if nobody has it. */
    Optional<Held> tryAcquire(String name) {
        Key key = key(name);
        if (!TURNS.tryBegin(key)) {
            return Optional.empty();
        }
        Held held = null;
        try {
            held = tryLock(key);
            return Optional.ofNullable(held);
        } catch (IOException e) {
            throw AtomicFiles.explain("lock " + name, e);
        } finally {
            if (held == null) {
                TURNS.end(key);
            }
        }
    }

    private Key key(String name) {
        return new Key(file, Long.parseUnsignedLong(Digest.sha256(name).hex().substring(0, 16), 16) >>> 3);
    }

    private @Nullable Held tryLock(Key key) throws IOException {
        FileChannel channel = use();
        FileLock lock = null;
        try {
            lock = channel.tryLock(key.position(), 1, false);
            return lock == null ? null : new Held(this, key, lock);
        } finally {
            if (lock == null) {
                leave();
            }
        }
    }

    private FileChannel use() throws IOException {
        IOException[] failure = new IOException[1];
        Shared shared = OPEN.compute(file, (_, present) -> {
            try {
                Shared result = present == null ? new Shared(open()) : present;
                result.users++;
                return result;
            } catch (IOException e) {
                failure[0] = e;
                return present;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return shared.channel;
    }

    private FileChannel open() throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private void leave() throws IOException {
        IOException[] failure = new IOException[1];
        OPEN.computeIfPresent(file, (_, shared) -> {
            if (--shared.users > 0) {
                return shared;
            }
            try {
                shared.channel.close();
            } catch (IOException e) {
                failure[0] = e;
            }
            return null;
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    /** A lock being held. */
    static final class Held implements AutoCloseable {
        private final NameLocks locks;
        private final Key key;
        private final FileLock lock;
        private boolean released;

        private Held(NameLocks locks, Key key, FileLock lock) {
            this.locks = locks;
            this.key = key;
            this.lock = lock;
        }

        @Override
        public void close() {
            if (released) {
                return;
            }
            released = true;
            try {
                lock.release();
                locks.leave();
            } catch (IOException e) {
                throw AtomicFiles.explain("release a lock of " + locks.file, e);
            } finally {
                TURNS.end(key);
            }
        }
    }
}
