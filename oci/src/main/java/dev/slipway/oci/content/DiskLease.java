package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A lease in files, renewed by a thread of its own until it is closed. */
final class DiskLease implements Lease {
    private static final System.Logger LOG = System.getLogger(DiskLease.class.getName());

    private final Path file;
    private final FileChannel channel;
    private final Duration ttl;
    private final BlobFolder blobs;
    private final Set<Digest> protectedDigests = new HashSet<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private Instant end = Instant.MIN;
    private boolean lost;
    private boolean closed;

    DiskLease(Path file, FileChannel channel, Duration ttl, BlobFolder blobs) {
        this.file = file;
        this.channel = channel;
        this.ttl = ttl;
        this.blobs = blobs;
    }

    /** Sets the end for the first time and begins to renew it. */
    void begin() throws IOException {
        lock.lock();
        try {
            prolong();
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("lease " + file.getFileName()).start(this::keepRenewing);
    }

    private void prolong() throws IOException {
        Instant next = Instant.now().plus(ttl);
        LeaseFolder.setEnd(file, next);
        end = next;
    }

    private void keepRenewing() {
        lock.lock();
        try {
            while (!closed && !lost) {
                boolean _ = closing.awaitNanos(ttl.toNanos() / 3) > 0;
                if (!closed) {
                    renew();
                }
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "The lease " + file + " was not renewed", e);
        } finally {
            lock.unlock();
        }
    }

    private void renew() throws IOException {
        lost = lost || Instant.now().isAfter(end);
        if (!lost) {
            prolong();
        }
    }

    @Override
    public boolean protect(Digest digest) {
        lock.lock();
        try {
            requireHeld();
            if (!protectedDigests.contains(digest)) {
                append(digest.toString());
                protectedDigests.add(digest);
            }
        } catch (IOException e) {
            throw DiskSpace.explain("protect " + digest, file, 0, e);
        } finally {
            lock.unlock();
        }
        return blobs.size(digest).isPresent();
    }

    private void append(String line) throws IOException {
        // On a line of its own, also after one that a full disk cut short.
        ByteBuffer bytes = ByteBuffer.wrap(("\n" + line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void require() {
        lock.lock();
        try {
            requireHeld();
        } finally {
            lock.unlock();
        }
    }

    private void requireHeld() {
        lost = lost || Instant.now().isAfter(end);
        if (lost || closed) {
            throw new OciException(
                    "oci.lease-lost",
                    ErrorKind.CONFLICT,
                    "Blobs in use were protected until " + end + " only, for this process slept longer than that.",
                    "Do it again.",
                    null);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                closed = true;
                closing.signalAll();
                channel.close();
                LeaseFolder.remove(file);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("end the lease " + file, e);
        } finally {
            lock.unlock();
        }
    }
}
