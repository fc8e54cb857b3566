package dev.slipway.oci.layer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.tree.ByteChunks;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Inflates the layers of an image, the highest first, on a thread of its own, ahead of whoever takes them. */
final class LayerPump implements AutoCloseable {
    private static final Logger LOG = System.getLogger(LayerPump.class.getName());
    private static final Duration LONGEST_STOP = Duration.ofMinutes(1);
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final LayerStack stack;
    private final LayerSource source;
    private final FlattenBudget budget;
    private final Cancellation cancellation;
    private final ChunkRing ring;
    private final Thread thread;
    private final AtomicLong bytesRead = new AtomicLong();
    private volatile boolean finishing;

    LayerPump(LayerStack stack, LayerSource source, FlattenBudget budget, Cancellation cancellation) {
        this.stack = stack;
        this.source = source;
        this.budget = budget;
        this.cancellation = cancellation;
        this.ring = new ChunkRing(stack.diffIds(), cancellation);
        // Not virtual: it computes all the time, and would keep a carrier from those who fetch.
        this.thread = Thread.ofPlatform().name("slipway-inflate").daemon().unstarted(this::pump);
        this.thread.start();
    }

    private void pump() {
        try {
            for (int layer = stack.size() - 1; layer >= 0; layer--) {
                if (!pump(layer)) {
                    return;
                }
            }
        } catch (IOException e) {
            ring.fail(AtomicFiles.explain("read a layer", e));
        } catch (RuntimeException | Error e) {
            ring.fail(e);
        }
    }

    private boolean pump(int number) throws IOException {
        Descriptor layer = stack.layers().get(number);
        InputStream blob = new Counted(source.open(layer, cancellation));
        try (Decompressor decompressor = Decompressor.open(blob, layer, InflateProvider.chosen())) {
            long count = 0;
            for (boolean more = true; more; ) {
                ChunkRing.@Nullable Chunk chunk = ring.claim();
                if (chunk == null) {
                    if (finishing) {
                        decompressor.drain();
                    }
                    return false;
                }
                more = decompressor.fill(chunk.bytes());
                chunk.bytes().flip();
                count += chunk.bytes().remaining();
                budget.bytes(layer, chunk.bytes().remaining(), count);
                ring.publish(number, !more);
            }
            return true;
        }
    }

    private final class Counted extends FilterInputStream {
        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            int count = in.read(target, from, length);
            if (count > 0) {
                bytesRead.addAndGet(count);
            }
            return count;
        }
    }

    /** How many stored bytes have been read of all layers. */
    long bytesRead() {
        return bytesRead.get();
    }

    /** The next layer; the one before must have been read to its end. */
    Layer next(int number) {
        return new Layer(number);
    }

    /** One layer's uncompressed bytes. */
    final class Layer implements ByteChunks {
        private final int number;
        private boolean holding;
        private boolean last;

        private Layer(int number) {
            this.number = number;
        }

        @Override
        public ByteBuffer next() {
            cancellation.throwIfCancelled();
            do {
                release();
                if (last) {
                    return EMPTY;
                }
                ChunkRing.Chunk chunk = ring.take();
                holding = true;
                last = chunk.isLast();
                if (chunk.bytes().hasRemaining()) {
                    return chunk.bytes().duplicate();
                }
            } while (true);
        }

        private void release() {
            if (holding) {
                ring.release();
                holding = false;
            }
        }

        /** Reads to the very end and returns the digest of everything. */
        Digest drain() {
            while (next().hasRemaining()) {
                // What follows the archive is hashed and checked, and that is all.
            }
            return ring.digest(number);
        }
    }

    /** Stops before the end; the layer that is being read is read to its end, so that it may be opened again. */
    void finishReading() {
        finishing = true;
        close();
    }

    /** Stops; waits for the thread, which ends when what it reads from gives or fails. */
    @Override
    public void close() {
        ring.close();
        try {
            if (!thread.join(LONGEST_STOP)) {
                LOG.log(Level.DEBUG, "a layer is still being read after {0}", LONGEST_STOP);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
