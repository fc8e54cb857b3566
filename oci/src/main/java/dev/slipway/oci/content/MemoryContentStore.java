package dev.slipway.oci.content;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A content store in memory, for small images and tests. */
public final class MemoryContentStore implements ContentStore {
    private final Map<Digest, byte[]> blobs = new ConcurrentHashMap<>();
    private final Map<Digest, byte[]> partial = new ConcurrentHashMap<>();
    private final Map<String, Staging> stagings = new ConcurrentHashMap<>();
    private final Map<String, Descriptor> references = new ConcurrentSkipListMap<>();

    @Override
    public OptionalLong size(Digest digest) {
        byte[] bytes = blobs.get(digest);
        return bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes.length);
    }

    @Override
    public InputStream open(Digest digest) {
        byte[] bytes = blobs.get(digest);
        if (bytes == null) {
            throw OciException.missing(
                    "oci.content-missing", "Opening " + digest + " failed: it is not in the content store.");
        }
        return new ByteArrayInputStream(bytes);
    }

    @Override
    public Optional<Path> file(Digest digest) {
        return Optional.empty();
    }

    @Override
    public Ingest ingest(Digest expected, long size, Cancellation cancellation) {
        OptionalLong present = size(expected);
        if (present.isPresent()) {
            return CompleteIngest.of(expected, present.getAsLong(), size);
        }
        MemoryIngest ingest = new MemoryIngest(expected, new BlobCheck(expected, size));
        byte[] earlier = partial.remove(expected);
        if (earlier != null && earlier.length <= size) {
            ingest.write(earlier, 0, earlier.length);
        }
        return ingest;
    }

    @Override
    public Staging stage(String id) {
        Staging staging = new MemoryStaging(blobs::put, () -> stagings.remove(id));
        stagings.put(id, staging);
        return staging;
    }

    @Override
    public Optional<Staging> staged(String id) {
        return Optional.ofNullable(stagings.get(id));
    }

    @Override
    public Optional<Descriptor> resolve(String name) {
        return Optional.ofNullable(references.get(name));
    }

    @Override
    public void tag(String name, Descriptor descriptor) {
        references.put(name, descriptor);
    }

    @Override
    public boolean untag(String name) {
        return references.remove(name) != null;
    }

    @Override
    public List<String> names() {
        return List.copyOf(references.keySet());
    }

    @Override
    public OptionalLong usableSpace() {
        return OptionalLong.empty();
    }

    private final class MemoryIngest implements Ingest {
        private final Digest expected;
        private final BlobCheck check;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean committed;

        MemoryIngest(Digest expected, BlobCheck check) {
            this.expected = expected;
            this.check = check;
        }

        @Override
        public long offset() {
            return check.count();
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
        public void commit() {
            check.requireComplete();
            if (!check.matches()) {
                restart();
                throw check.wrong();
            }
            blobs.put(expected, bytes.toByteArray());
            committed = true;
        }

        @Override
        public void close() {
            if (!committed && check.count() > 0) {
                partial.put(expected, bytes.toByteArray());
            }
        }
    }
}
