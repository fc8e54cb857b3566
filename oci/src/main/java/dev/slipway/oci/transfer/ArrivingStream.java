package dev.slipway.oci.transfer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/**
 * Follows a blob's file while it grows, and ends once the blob is complete and checked. A blob that begins anew before
 * anything of it was read is followed from its new beginning.
 */
final class ArrivingStream extends InputStream {
    private final Descriptor blob;
    private final ContentStore store;
    private final Arrivals arrivals;
    private final Cancellation cancellation;
    private Arrivals.State state = Arrivals.State.NOTHING;
    private @Nullable InputStream in;
    private long position;
    private boolean closed;

    ArrivingStream(Descriptor blob, ContentStore store, Arrivals arrivals, Cancellation cancellation) {
        this.blob = blob;
        this.store = store;
        this.arrivals = arrivals;
        this.cancellation = cancellation;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (length == 0) {
            return 0;
        }
        while (true) {
            awaitMore();
            if (state.complete() && position == blob.size()) {
                return -1;
            }
            long limit = state.complete() ? blob.size() : state.available();
            int read = stream().read(buffer, from, (int) Math.min(length, limit - position));
            // Only now is it certain that these bytes were good when they were read.
            if (!begunAnew(arrivals.state(blob.digest()))) {
                if (read < 0) {
                    throw begunAnew();
                }
                position += read;
                return read;
            }
        }
    }

    private void awaitMore() {
        while (!state.complete()
                && (state.available() <= position || state.file().isEmpty())) {
            cancellation.throwIfCancelled();
            Arrivals.State next;
            try {
                next = arrivals.next(blob.digest(), state);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new OciException(
                        "oci.arrival-interrupted",
                        ErrorKind.CANCELLED,
                        "Reading " + blob.digest() + " while it arrives failed: the thread was interrupted.",
                        "",
                        e);
            }
            if (!begunAnew(next)) {
                state = next;
            }
        }
        cancellation.throwIfCancelled();
    }

    private boolean begunAnew(Arrivals.State now) {
        if (now.beginning() == state.beginning()) {
            return false;
        }
        if (position > 0) {
            throw begunAnew();
        }
        closeFile();
        state = now;
        return true;
    }

    private OciException begunAnew() {
        return new OciException(
                "oci.arrival-restarted",
                ErrorKind.UNREACHABLE,
                "Reading " + blob.digest() + " while it arrives failed: what had come was wrong, and it begins anew.",
                "Try again once it is here.",
                null);
    }

    private InputStream stream() throws IOException {
        InputStream present = in;
        if (present == null) {
            // The file outlives its staging name: once open, the rename that publishes it does not matter.
            present = state.complete() || state.file().isEmpty() ? store.open(blob.digest()) : openGrowing();
            in = present;
        }
        return present;
    }

    private InputStream openGrowing() throws IOException {
        try {
            return Files.newInputStream(state.file().orElseThrow());
        } catch (NoSuchFileException _) {
            return store.open(blob.digest());
        }
    }

    private void closeFile() {
        InputStream present = in;
        in = null;
        if (present != null) {
            try {
                present.close();
            } catch (IOException e) {
                throw AtomicFiles.explain("close " + blob.digest(), e);
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        closeFile();
    }
}
