package dev.slipway.oci.content;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** A content store in memory, for small images and tests. */
public final class MemoryContentStore implements ContentStore {
    private static final Duration PATIENCE = Duration.ofHours(6);
    private static final Duration UPLOAD_HOLD = Duration.ofHours(1);

    private final MemoryBlobs blobs = new MemoryBlobs();
    private final MemoryReferences references = new MemoryReferences();
    private final MemoryReferences roots = new MemoryReferences();
    private final Map<Digest, byte[]> partial = new ConcurrentHashMap<>();
    private final Map<String, Staging> stagings = new ConcurrentHashMap<>();
    private final Turns<Digest> arrivals = new Turns<>();

    @Override
    public Optional<Path> folder() {
        return Optional.empty();
    }

    @Override
    public OptionalLong size(Digest digest) {
        return blobs.find(digest).map(bytes -> OptionalLong.of(bytes.length)).orElse(OptionalLong.empty());
    }

    @Override
    public List<Digest> blobs() {
        return blobs.entries().stream().map(BlobFolder.Entry::digest).toList();
    }

    @Override
    public InputStream open(Digest digest) {
        return new ByteArrayInputStream(blobs.find(digest)
                .orElseThrow(() -> OciException.missing(
                        "oci.content-missing", "Opening " + digest + " failed: it is not in the content store.")));
    }

    @Override
    public Optional<Path> file(Digest digest) {
        return Optional.empty();
    }

    @Override
    public Ingest ingest(Digest expected, long size, Cancellation cancellation) {
        if (blobs.hold(expected, Duration.ZERO)) {
            return CompleteIngest.of(this, expected, size(expected).orElse(size), size);
        }
        arrivals.begin(expected, "content " + expected.shortHex(), PATIENCE, cancellation);
        if (blobs.hold(expected, Duration.ZERO)) {
            arrivals.end(expected);
            return CompleteIngest.of(this, expected, size(expected).orElse(size), size);
        }
        return new MemoryIngest(new BlobCheck(expected, size), blobs, partial, () -> arrivals.end(expected));
    }

    @Override
    public Staging stage(String id) {
        Staging staging =
                new MemoryStaging((digest, bytes) -> blobs.add(digest, bytes, UPLOAD_HOLD), () -> stagings.remove(id));
        stagings.put(id, staging);
        return staging;
    }

    @Override
    public Optional<Staging> staged(String id) {
        return Optional.ofNullable(stagings.get(id));
    }

    @Override
    public OptionalLong usableSpace() {
        return OptionalLong.empty();
    }

    @Override
    public Optional<Descriptor> resolve(String name) {
        return references.resolve(name);
    }

    @Override
    public void tag(String name, Descriptor descriptor) {
        references.replace(name, _ -> true, descriptor);
    }

    @Override
    public boolean tagNew(String name, Descriptor descriptor) {
        return references.replace(name, Optional::isEmpty, descriptor);
    }

    @Override
    public boolean retag(String name, Descriptor expected, Descriptor descriptor) {
        return references.replace(
                name, present -> present.filter(expected::equals).isPresent(), descriptor);
    }

    @Override
    public boolean untag(String name) {
        return references.remove(name, _ -> true);
    }

    @Override
    public boolean untag(String name, Descriptor expected) {
        return references.remove(name, present -> present.descriptor().equals(expected));
    }

    @Override
    public List<String> names() {
        return references.all().stream().map(Reference::name).toList();
    }

    @Override
    public List<String> names(String repository) {
        return references.of(repository).stream().map(Reference::name).toList();
    }

    @Override
    public List<Reference> references() {
        return references.all();
    }

    @Override
    public List<Reference> references(String repository) {
        return references.of(repository);
    }

    @Override
    public boolean hold(Digest digest, Duration time) {
        return blobs.hold(digest, time);
    }

    /** The time to live does not matter here: the lease dies with its process as the store does. */
    @Override
    public Lease lease(Duration ttl, String why) {
        return blobs.lease();
    }

    @Override
    public void root(String name, Descriptor descriptor) {
        roots.replace(name, _ -> true, descriptor);
    }

    @Override
    public boolean unroot(String name) {
        return roots.remove(name, _ -> true);
    }

    @Override
    public List<Reference> roots() {
        return roots.all();
    }

    @Override
    public CollectReport collect(CollectOptions options, ProgressListener progress, Cancellation cancellation) {
        return new Collector(collectable(), options, progress, cancellation).run();
    }

    Collectable collectable() {
        return new MemoryCollectable(blobs, references, roots);
    }

    /** Damaged blobs are dropped. */
    @Override
    public VerifyReport verify(Collection<Digest> digests, ProgressListener progress, Cancellation cancellation) {
        return Verification.verify(this, digests, blobs::remove, progress, cancellation);
    }
}
