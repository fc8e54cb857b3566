package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Takes in a blob in memory. */
final class MemoryIngest implements Ingest {
    private final BlobCheck check;
    private final MemoryBlobs blobs;
    private final Map<Digest, byte[]> partial;
    private final Runnable ended;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean committed;
    private boolean closed;

    /** Goes on with what {@code partial} has of it, and leaves there what is not committed. */
    MemoryIngest(BlobCheck check, MemoryBlobs blobs, Map<Digest, byte[]> partial, Runnable ended) {
        this.check = check;
        this.blobs = blobs;
        this.partial = partial;
        this.ended = ended;
        byte[] earlier = partial.remove(check.expected());
        if (earlier != null && check.fits(earlier.length)) {
            write(earlier, 0, earlier.length);
        }
    }

    @Override
    public long offset() {
        return check.count();
    }

    @Override
    public Optional<Path> file() {
        return Optional.empty();
    }

    @Override
    public void write(byte[] buffer, int from, int length) {
        if (!check.fits(length)) {
            restart();
            throw check.tooLong();
        }
        bytes.write(buffer, from, length);
        check.update(buffer, from, length);
    }

    @Override
    public void restart() {
        bytes.reset();
        check.restart();
    }

    @Override
    public void commit(Duration hold) {
        check.requireComplete();
        if (!check.matches()) {
            restart();
            throw check.wrong();
        }
        blobs.add(check.expected(), bytes.toByteArray(), hold);
        committed = true;
        close();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (!committed && check.count() > 0) {
            partial.put(check.expected(), bytes.toByteArray());
        }
        ended.run();
    }
}
