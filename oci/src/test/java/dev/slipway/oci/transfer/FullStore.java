package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.ForwardingStore;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.content.MemoryContentStore;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A content store with little room left. */
final class FullStore extends ForwardingStore {
    final List<Digest> ingested = new ArrayList<>();
    private final ContentStore store;
    private final long room;

    FullStore(long room) {
        this(new MemoryContentStore(), room);
    }

    private FullStore(ContentStore store, long room) {
        super(store);
        this.store = store;
        this.room = room;
    }

    @Override
    public Ingest ingest(Digest expected, long size, Cancellation cancellation) {
        ingested.add(expected);
        return store.ingest(expected, size, cancellation);
    }

    @Override
    public OptionalLong usableSpace() {
        return OptionalLong.of(room);
    }
}
