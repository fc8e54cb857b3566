package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/** Lets something happen before each thing that a collection does. */
final class InterruptedCollectable implements Collectable {
    private final Collectable store;
    private final IntConsumer before;
    private int calls;

    /** Tells {@code before} how many calls there have been. */
    InterruptedCollectable(Collectable store, IntConsumer before) {
        this.store = store;
        this.before = before;
    }

    int calls() {
        return calls;
    }

    private Collectable next() {
        before.accept(calls++);
        return store;
    }

    @Override
    public List<BlobFolder.Entry> entries() {
        return next().entries();
    }

    @Override
    public Optional<byte[]> document(Digest digest) {
        return next().document(digest);
    }

    @Override
    public List<Reference> references() {
        return next().references();
    }

    @Override
    public List<Reference> roots() {
        return next().roots();
    }

    @Override
    public Set<Digest> leased() {
        return next().leased();
    }

    @Override
    public boolean setAside(Digest digest) {
        return next().setAside(digest);
    }

    @Override
    public void bringBack(Digest digest) {
        next().bringBack(digest);
    }

    @Override
    public void bringBackAll() {
        next().bringBackAll();
    }

    @Override
    public boolean purge(Digest digest) {
        return next().purge(digest);
    }

    @Override
    public boolean untag(Reference listed) {
        return next().untag(listed);
    }

    @Override
    public CollectReport.Tally sweep(Instant before, boolean dryRun) {
        return next().sweep(before, dryRun);
    }
}
