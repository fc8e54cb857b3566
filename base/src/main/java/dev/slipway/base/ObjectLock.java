package dev.slipway.base;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * An exclusive lock on one named thing, held between threads and between processes through a lock file.
 *
 * <p>The kernel releases it when the holder dies, so no lock is ever stale. The lock file itself stays.
 */
public final class ObjectLock implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(25);

    private final FileChannel channel;

    private ObjectLock(FileChannel channel) {
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
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.READ);
            try {
                while (!tryLock(channel)) {
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
                return new ObjectLock(channel);
            } catch (RuntimeException | IOException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("lock " + what, e);
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            // Held by another thread of this process.
            return false;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw AtomicFiles.explain("release a lock", e);
        }
    }
}
