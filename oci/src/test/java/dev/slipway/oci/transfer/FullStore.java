package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.content.MemoryContentStore;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** A content store with little room left. */
final class FullStore implements ContentStore {
    final List<Digest> ingested = new ArrayList<>();
    private final MemoryContentStore store = new MemoryContentStore();
    private final long room;

    FullStore(long room) {
        this.room = room;
    }

    @Override
    public OptionalLong size(Digest digest) {
        return store.size(digest);
    }

    @Override
    public InputStream open(Digest digest) {
        return store.open(digest);
    }

    @Override
    public Optional<Path> file(Digest digest) {
        return store.file(digest);
    }

    @Override
    public Ingest ingest(Digest expected, long size, Cancellation cancellation) {
        ingested.add(expected);
        return store.ingest(expected, size, cancellation);
    }

    @Override
    public Optional<Descriptor> resolve(String name) {
        return store.resolve(name);
    }

    @Override
    public void tag(String name, Descriptor descriptor) {
        store.tag(name, descriptor);
    }

    @Override
    public boolean untag(String name) {
        return store.untag(name);
    }

    @Override
    public List<String> names() {
        return store.names();
    }

    @Override
    public OptionalLong usableSpace() {
        return OptionalLong.of(room);
    }
}
