package dev.slipway.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * An exclusive lock on one named thing, held between threads and between processes through a lock file.
 *
 * <p>The kernel releases it when the holder dies, so no lock is ever stale. The lock file itself stays.
 */
public final class ObjectLock implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(25);

    /**
     * What threads of this process hold. The kernel knows only of processes, and drops a process's lock as soon as any
     * channel on its file is closed: so a thread opens the file only when no other thread of this process has it.
     */
    private static final Set<Path> HELD_HERE = ConcurrentHashMap.newKeySet();

    private final Path key;
    private final FileChannel channel;

    private ObjectLock(Path key, FileChannel channel) {
        this.key = key;
        this.channel = channel;
    }

    /**
     * Waits for the lock.
     *
     * @param file the lock file, created when missing
     * @param what what is being locked, for the error message
     * @throws BaseException {@code base.locked} when another holder keeps it for longer than {@code patience}
     */
    public static ObjectLock acquire(Path file, String what, Duration patience, Cancellation cancellation) {
        long deadline = System.nanoTime() + patience.toNanos();
        Path key = file.toAbsolutePath().normalize();
        waitUntil(() -> HELD_HERE.add(key), what, deadline, patience, cancellation);
        boolean locked = false;
        try {
            FileChannel channel = open(key);
            try {
                waitUntil(() -> tryLock(channel, what), what, deadline, patience, cancellation);
                locked = true;
                return new ObjectLock(key, channel);
            } finally {
                if (!locked) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("lock " + what, e);
        } finally {
            if (!locked) {
                HELD_HERE.remove(key);
            }
        }
    }

    private static FileChannel open(Path file) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
    }

    private static void waitUntil(
            BooleanSupplier got, String what, long deadline, Duration patience, Cancellation cancellation) {
        while (!got.getAsBoolean()) {
            cancellation.throwIfCancelled();
            if (System.nanoTime() - deadline > 0) {
                throw new BaseException(
                        "base.locked",
                        ErrorKind.CONFLICT,
                        "Another slipway process or thread has been working on " + what + " for more than "
                                + patience.toSeconds() + " s.",
                        "Wait for it to finish and try again.",
                        null);
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static boolean tryLock(FileChannel channel, String what) {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Held by another thread of this process under another name of the file.
            return false;
        } catch (IOException e) {
            throw AtomicFiles.explain("lock " + what, e);
        }
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            throw AtomicFiles.explain("release a lock", e);
        } finally {
            HELD_HERE.remove(key);
        }
    }
}
