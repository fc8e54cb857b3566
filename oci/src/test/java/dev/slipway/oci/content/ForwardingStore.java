package dev.slipway.oci.content;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Another store, of which a test changes something. */
public class ForwardingStore implements ContentStore {
    private final ContentStore store;

    public ForwardingStore(ContentStore store) {
        this.store = store;
    }

    @Override
    public Optional<Path> folder() {
        return store.folder();
    }

    @Override
    public OptionalLong size(Digest digest) {
        return store.size(digest);
    }

    @Override
    public List<Digest> blobs() {
        return store.blobs();
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
        return store.ingest(expected, size, cancellation);
    }

    @Override
    public Staging stage(String id) {
        return store.stage(id);
    }

    @Override
    public Optional<Staging> staged(String id) {
        return store.staged(id);
    }

    @Override
    public OptionalLong usableSpace() {
        return store.usableSpace();
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
    public boolean tagNew(String name, Descriptor descriptor) {
        return store.tagNew(name, descriptor);
    }

    @Override
    public boolean retag(String name, Descriptor expected, Descriptor descriptor) {
        return store.retag(name, expected, descriptor);
    }

    @Override
    public boolean untag(String name) {
        return store.untag(name);
    }

    @Override
    public boolean untag(String name, Descriptor expected) {
        return store.untag(name, expected);
    }

    @Override
    public List<String> names() {
        return store.names();
    }

    @Override
    public List<String> names(String repository) {
        return store.names(repository);
    }

    @Override
    public List<Reference> references() {
        return store.references();
    }

    @Override
    public List<Reference> references(String repository) {
        return store.references(repository);
    }

    @Override
    public boolean hold(Digest digest, Duration time) {
        return store.hold(digest, time);
    }

    @Override
    public Lease lease(Duration ttl, String why) {
        return store.lease(ttl, why);
    }

    @Override
    public void root(String name, Descriptor descriptor) {
        store.root(name, descriptor);
    }

    @Override
    public boolean unroot(String name) {
        return store.unroot(name);
    }

    @Override
    public List<Reference> roots() {
        return store.roots();
    }

    @Override
    public CollectReport collect(CollectOptions options, ProgressListener progress, Cancellation cancellation) {
        return store.collect(options, progress, cancellation);
    }

    @Override
    public VerifyReport verify(Collection<Digest> digests, ProgressListener progress, Cancellation cancellation) {
        return store.verify(digests, progress, cancellation);
    }
}
