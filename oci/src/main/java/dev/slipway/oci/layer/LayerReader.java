package dev.slipway.oci.layer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.tree.ByteChunks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Optional;

/** One layer's uncompressed bytes, inflated, hashed and taken on one thread. */
final class LayerReader implements ByteChunks, AutoCloseable {
    private static final int CHUNK = 1 << 17;

    private final Descriptor layer;
    private final Decompressor decompressor;
    private final FlattenBudget budget;
    private final Cancellation cancellation;
    private final Optional<MessageDigest> hasher;
    private final String algorithm;
    private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    private long count;
    private boolean ended;

    private LayerReader(
            Descriptor layer,
            Decompressor decompressor,
            FlattenBudget budget,
            Cancellation cancellation,
            Optional<Digest> like) {
        this.layer = layer;
        this.decompressor = decompressor;
        this.budget = budget;
        this.cancellation = cancellation;
        this.hasher = like.map(Digest::hasher);
        this.algorithm = like.map(Digest::algorithm).orElse("");
    }

    /**
     * Opens a layer.
     *
     * @param like has the algorithm to hash with; empty to leave hashing out
     */
    static LayerReader open(
            LayerSource source,
            Descriptor layer,
            Optional<Digest> like,
            FlattenBudget budget,
            Cancellation cancellation)
            throws IOException {
        Decompressor decompressor =
                Decompressor.open(source.open(layer, cancellation), layer, InflateProvider.chosen());
        return new LayerReader(layer, decompressor, budget, cancellation, like);
    }

    @Override
    public ByteBuffer next() throws IOException {
        cancellation.throwIfCancelled();
        chunk.clear();
        if (!ended) {
            ended = !decompressor.fill(chunk);
        }
        chunk.flip();
        count += chunk.remaining();
        budget.bytes(layer, chunk.remaining(), count);
        hasher.ifPresent(digest -> digest.update(chunk.duplicate()));
        return chunk;
    }

    /** Reads to the very end and returns the digest of everything. */
    Digest drain() throws IOException {
        while (next().hasRemaining()) {
            // What follows the archive is hashed and checked, and that is all.
        }
        return Digest.of(algorithm, hasher.orElseThrow().digest());
    }

    @Override
    public void close() throws IOException {
        decompressor.close();
    }
}
