package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;

/** Takes in a blob through a file that outlives this process. */
final class FileIngest implements Ingest {
    private static final int BUFFER = 1 << 18;

    private final BlobCheck check;
    private final Path staging;
    private final IngestFolder folder;
    private final NameLocks.Held lock;
    private final FileChannel channel;
    private final EarlyWriting early;
    private boolean published;
    private boolean closed;

    private FileIngest(BlobCheck check, Path staging, IngestFolder folder, NameLocks.Held lock, FileChannel channel) {
        this.check = check;
        this.staging = staging;
        this.folder = folder;
        this.lock = lock;
        this.channel = channel;
        this.early = new EarlyWriting(staging);
    }

    /** Opens the file and hashes what an earlier attempt left in it. The lock is released on close. */
    static FileIngest open(BlobCheck check, Path staging, IngestFolder folder, NameLocks.Held lock) throws IOException {
        FileChannel channel =
                FileChannel.open(staging, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileIngest ingest = new FileIngest(check, staging, folder, lock, channel);
        try {
            ingest.takeUpEarlierBytes();
            return ingest;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void takeUpEarlierBytes() throws IOException {
        if (channel.size() == 0) {
            return;
        }
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (int read = channel.read(buffer, 0); read >= 0; read = channel.read(buffer, check.count())) {
            if (!check.fits(read)) {
                restart();
                return;
            }
            check.update(buffer.array(), 0, read);
            buffer.clear();
        }
    }

    @Override
    public long offset() {
        return check.count();
    }

    @Override
    public Optional<Path> file() {
        return Optional.of(published ? folder.published(check.expected()) : staging);
    }

    @Override
    public void write(byte[] buffer, int from, int length) {
        if (!check.fits(length)) {
            restart();
            throw check.tooLong();
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, from, length);
            while (bytes.hasRemaining()) {
                // At the place that the hash has come to: what a failed write left behind is written over.
                channel.write(bytes, check.count() + bytes.position() - from);
            }
        } catch (IOException e) {
            throw DiskSpace.explain("take in " + check.expected(), staging, check.missing(), e);
        }
        check.update(buffer, from, length);
        early.reached(check.count());
    }

    @Override
    public void restart() {
        try {
            channel.truncate(0);
            check.restart();
        } catch (IOException e) {
            throw AtomicFiles.explain("empty " + staging, e);
        }
    }

    @Override
    public void commit(Duration hold) {
        check.requireComplete();
        if (!check.matches()) {
            restart();
            throw check.wrong();
        }
        try {
            sync();
            folder.publish(staging, check.expected(), hold);
            published = true;
        } catch (IOException e) {
            throw DiskSpace.explain("publish " + check.expected(), staging, 0, e);
        } finally {
            close();
        }
    }

    /** Makes the bytes durable. When that fails the system may have forgotten some of them, so none is kept. */
    private void sync() throws IOException {
        try {
            channel.force(false);
        } catch (IOException e) {
            restart();
            throw e;
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (lock;
                channel) {
            early.close();
            if (check.count() == 0 && !published) {
                Files.deleteIfExists(staging);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("close " + staging, e);
        }
    }
}
