package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A staging in a file, whose length is the only record of how much has arrived. */
final class FileStaging implements Staging {
    private static final int BUFFER = 1 << 18;
    /** From here on, hashing on another thread while the bytes are written saves more than it costs. */
    private static final int WORTH_A_THREAD = 1 << 17;

    private static final Duration HOLD = Duration.ofHours(1);
    private static final String USUAL_ALGORITHM = "sha256";

    private final UploadFolder folder;
    private final String id;
    private final Path file;
    private final FileChannel channel;
    private final EarlyWriting early;
    private long offset;
    /** The hash of all bytes so far; absent when they came before this object. */
    private @Nullable MessageDigest hasher;

    private boolean ended;

    /** Goes on in a locked file; {@code hasher} is where the hash of its bytes stands, when that is known. */
    FileStaging(UploadFolder folder, String id, Path file, FileChannel channel, @Nullable MessageDigest hasher)
            throws IOException {
        this.folder = folder;
        this.id = id;
        this.file = file;
        this.channel = channel;
        this.early = new EarlyWriting(file);
        this.offset = channel.size();
        this.hasher = offset == 0 ? Digest.hasher(USUAL_ALGORITHM) : hasher;
    }

    @Override
    public long offset() {
        return offset;
    }

    @Override
    public void write(byte[] buffer, int from, int length) {
        MessageDigest known = hasher;
        Optional<Thread> hashing = Optional.empty();
        if (known != null && length >= WORTH_A_THREAD) {
            hashing = Optional.of(Thread.startVirtualThread(() -> known.update(buffer, from, length)));
        } else if (known != null) {
            known.update(buffer, from, length);
        }
        boolean written = false;
        try {
            append(buffer, from, length);
            written = true;
        } catch (IOException e) {
            throw DiskSpace.explain("take in an upload", file, length, e);
        } finally {
            hashing.ifPresent(FileStaging::await);
            if (!written) {
                cutBack();
            }
        }
        offset += length;
        early.reached(offset);
    }

    private void append(byte[] buffer, int from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(buffer, from, length);
        while (bytes.hasRemaining()) {
            channel.write(bytes, offset + bytes.position() - from);
        }
    }

    /** Hashing never waits for anything, so this ends soon; the buffer may not be used again before. */
    private static void await(Thread hashing) {
        boolean interrupted = false;
        while (hashing.isAlive()) {
            try {
                hashing.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A write that failed half-way must not count; the hash has gone past it and is of no use any more. */
    private void cutBack() {
        hasher = null;
        try {
            channel.truncate(offset);
        } catch (IOException _) {
            // The file is longer than we say: whoever opens it next counts and hashes what is there.
        }
    }

    @Override
    public void truncate(long length) {
        if (length >= offset) {
            return;
        }
        try {
            channel.truncate(length);
            offset = length;
            hasher = length == 0 ? Digest.hasher(USUAL_ALGORITHM) : null;
        } catch (IOException e) {
            throw AtomicFiles.explain("shorten " + file, e);
        }
    }

    @Override
    public void commit(Digest digest) {
        try {
            MessageDigest known = digest.algorithm().equals(USUAL_ALGORITHM) ? hasher : null;
            hasher = null;
            require(digest, known == null ? hash(digest, 0) : known.digest());
            publish(digest);
        } catch (IOException e) {
            throw AtomicFiles.explain("publish " + digest, e);
        }
    }

    @Override
    public void commitFrom(long first, Digest digest) {
        try {
            hasher = null;
            require(digest, hash(digest, first));
            moveDown(first);
            publish(digest);
        } catch (IOException e) {
            throw AtomicFiles.explain("publish " + digest, e);
        }
    }

    private byte[] hash(Digest digest, long first) throws IOException {
        MessageDigest again = digest.hasher();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (long position = first; position < offset; ) {
            int read = read(buffer, position);
            again.update(buffer.array(), 0, read);
            position += read;
        }
        return again.digest();
    }

    private int read(ByteBuffer buffer, long position) throws IOException {
        buffer.clear().limit((int) Math.min(BUFFER, offset - position));
        int read = channel.read(buffer, position);
        if (read < 0) {
            throw new IOException("the file became shorter while it was read");
        }
        return read;
    }

    private void moveDown(long first) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        long to = 0;
        for (long position = first; position < offset; ) {
            position += read(buffer, position);
            buffer.flip();
            while (buffer.hasRemaining()) {
                to += channel.write(buffer, to);
            }
        }
        channel.truncate(to);
        offset = to;
    }

    private static void require(Digest digest, byte[] hash) {
        if (!Digest.of(digest.algorithm(), hash).equals(digest)) {
            throw OciException.corrupt(
                    "oci.digest-mismatch", "Taking in " + digest + " failed: the bytes have another digest.");
        }
    }

    private void publish(Digest digest) throws IOException {
        // The future time keeps a collection away, as a hold does, until the manifest that needs the blob has come.
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().plus(HOLD)));
        channel.force(true);
        folder.publish(file, digest);
        end();
    }

    @Override
    public void discard() {
        try {
            Files.deleteIfExists(file);
            hasher = null;
            end();
        } catch (IOException e) {
            throw AtomicFiles.explain("drop " + file, e);
        }
    }

    @Override
    public void close() {
        try {
            if (!ended && hasher != null && offset > 0) {
                folder.remember(id, file, offset, hasher);
            }
            end();
        } catch (IOException e) {
            throw AtomicFiles.explain("close " + file, e);
        }
    }

    private void end() throws IOException {
        if (!ended) {
            ended = true;
            try (channel) {
                early.close();
            } finally {
                folder.release(id);
            }
        }
    }
}
