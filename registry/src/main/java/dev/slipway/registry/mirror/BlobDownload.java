package dev.slipway.registry.mirror;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.transport.Transport;
import dev.slipway.registry.RegistryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One blob on its way from an upstream into the store, and to everybody who asks for it meanwhile. It goes on when they
 * leave. The last bytes are given out only once the whole was checked, so that nobody takes wrong bytes for a blob.
 */
public final class BlobDownload {
    private static final int BUFFER = 1 << 17;
    /** What is held back until the digest is known to be right. */
    private static final int LAST = 1 << 16;

    private static final Duration SILENCE = Duration.ofMinutes(2);

    private final Descriptor blob;
    private final ContentStore store;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private Optional<Path> file = Optional.empty();
    private long available;
    /** How far any reader has been let. */
    private long givenOut;

    private boolean complete;
    private @Nullable RuntimeException failure;

    BlobDownload(Descriptor blob, ContentStore store) {
        this.blob = blob;
        this.store = store;
    }

    /**
     * Fetches the blob, going from one upstream to the next when one fails.
     *
     * @param distrust hears of upstreams whose bytes were wrong
     */
    void run(List<Transport> upstreams, Consumer<Transport> distrust, Cancellation cancellation) {
        RuntimeException last = RegistryException.unknown("BLOB_UNKNOWN", "No upstream registry has the blob.");
        try {
            for (Transport upstream : upstreams) {
                try {
                    fetch(upstream, cancellation);
                    finish(null);
                    return;
                } catch (CodedException e) {
                    cancellation.throwIfCancelled();
                    last = explain(e, last);
                    if (e.code().equals("oci.digest-mismatch")) {
                        distrust.accept(upstream);
                        forgetUnlessGivenOut(last);
                    }
                }
            }
            finish(last);
        } catch (RuntimeException e) {
            finish(e);
        }
    }

    private static RuntimeException explain(CodedException failure, RuntimeException before) {
        return switch (failure.kind()) {
            case EXHAUSTED -> throw failure;
            case NOT_FOUND, DENIED -> before;
            default -> RegistryException.upstreamGone("The upstream registry failed: " + failure.getMessage());
        };
    }

    /** What a reader has got of wrong bytes cannot be taken back: then all readers must see a failure. */
    private void forgetUnlessGivenOut(RuntimeException reason) {
        lock.lock();
        try {
            if (givenOut > 0) {
                throw reason;
            }
            available = 0;
        } finally {
            lock.unlock();
        }
    }

    private void fetch(Transport upstream, Cancellation cancellation) {
        try (Ingest ingest = store.ingest(blob.digest(), blob.size(), cancellation)) {
            if (ingest.offset() < blob.size()) {
                receive(upstream, ingest, cancellation);
            }
            ingest.commit();
        }
    }

    private void receive(Transport upstream, Ingest ingest, Cancellation cancellation) {
        try (Transport.BlobStream stream = upstream.blob(blob, ingest.offset(), cancellation)) {
            if (stream.offset() != ingest.offset()) {
                requireNothingGivenOut();
                ingest.restart();
            }
            advance(ingest);
            InputStream in = stream.in();
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                cancellation.throwIfCancelled();
                ingest.write(buffer, 0, read);
                advance(ingest);
            }
        } catch (IOException e) {
            throw RegistryException.upstreamGone("The upstream registry broke off: " + e.getMessage());
        }
    }

    /** Readers have seen bytes of the first attempt, which the second would write anew under their eyes. */
    private void requireNothingGivenOut() {
        lock.lock();
        try {
            if (givenOut > 0) {
                throw RegistryException.upstreamGone("The upstream registry cannot go on in the middle.");
            }
        } finally {
            lock.unlock();
        }
    }

    private void advance(Ingest ingest) {
        lock.lock();
        try {
            file = ingest.file();
            available = ingest.offset();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void finish(@Nullable RuntimeException reason) {
        lock.lock();
        try {
            complete = reason == null;
            failure = reason;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the blob is in the store. */
    public void await() throws IOException {
        waitFor(Long.MAX_VALUE);
    }

    /**
     * Waits until there is a file with some bytes in it, or the blob is in the store.
     *
     * @throws RuntimeException what the download failed of, before a byte was given out
     */
    public void awaitBeginning() throws IOException {
        waitFor(1);
    }

    /** Copies the whole blob as it arrives. */
    public void copyTo(OutputStream out) throws IOException {
        Optional<Path> growing = waitFor(1);
        if (growing.isEmpty()) {
            waitFor(Long.MAX_VALUE);
            try (InputStream in = store.open(blob.digest())) {
                in.transferTo(out);
            }
            return;
        }
        // Opened while it grows; after the rename this is the blob itself.
        try (FileChannel channel = open(growing.get())) {
            byte[] buffer = new byte[BUFFER];
            for (long position = 0; position < blob.size(); ) {
                int length = (int) Math.min(BUFFER, take(position) - position);
                int read = channel.read(ByteBuffer.wrap(buffer, 0, length), position);
                if (read < 0) {
                    throw new IOException("the blob's file became shorter");
                }
                out.write(buffer, 0, read);
                position += read;
            }
        }
    }

    private FileChannel open(Path growing) throws IOException {
        try {
            return FileChannel.open(growing);
        } catch (NoSuchFileException _) {
            waitFor(Long.MAX_VALUE);
            return FileChannel.open(store.file(blob.digest()).orElseThrow());
        }
    }

    private long ready() {
        return complete ? blob.size() : Math.min(available, blob.size() - LAST);
    }

    /** Waits for bytes past {@code position} and lets the caller have them; returns how far it may read. */
    private long take(long position) throws IOException {
        lock.lock();
        try {
            waitFor(position + 1);
            givenOut = Math.max(givenOut, ready());
            return ready();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Path> waitFor(long bytes) throws IOException {
        lock.lock();
        try {
            long seen = available;
            long left = SILENCE.toNanos();
            while (!complete && failure == null && !(file.isPresent() && ready() >= bytes)) {
                if (left <= 0) {
                    throw new IOException("the upstream registry fell silent");
                }
                left = changed.awaitNanos(left);
                if (available != seen) {
                    seen = available;
                    left = SILENCE.toNanos();
                }
            }
            if (failure != null) {
                throw failure;
            }
            return file;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        } finally {
            lock.unlock();
        }
    }
}
