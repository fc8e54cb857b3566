package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Takes in a blob through a staging file that outlives this process. */
final class FileIngest implements Ingest {
    private static final int BUFFER = 1 << 18;

    private final BlobCheck check;
    private final Path staging;
    private final Path target;
    private final Closeable lock;
    private final FileChannel channel;
    private boolean closed;

    private FileIngest(BlobCheck check, Path staging, Path target, Closeable lock, FileChannel channel) {
        this.check = check;
        this.staging = staging;
        this.target = target;
        this.lock = lock;
        this.channel = channel;
    }

    /** Opens the staging file and hashes what an earlier attempt left in it. The lock is released on close. */
    static FileIngest open(BlobCheck check, Path staging, Path target, Closeable lock) throws IOException {
        FileChannel channel =
                FileChannel.open(staging, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileIngest ingest = new FileIngest(check, staging, target, lock, channel);
        try {
            ingest.takeUpEarlierBytes();
            return ingest;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void takeUpEarlierBytes() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer)) {
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
        return Optional.of(staging);
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
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("write " + staging, e);
        }
        check.update(buffer, from, length);
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
    public void commit() {
        check.requireComplete();
        if (!check.matches()) {
            restart();
            throw check.wrong();
        }
        try {
            channel.force(true);
            Files.createDirectories(target.toAbsolutePath().getParent());
            AtomicFiles.rename(staging, target);
        } catch (IOException e) {
            throw AtomicFiles.explain("publish " + target, e);
        } finally {
            close();
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try (lock) {
            channel.close();
            if (check.count() == 0) {
                Files.deleteIfExists(staging);
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("close " + staging, e);
        }
    }
}
