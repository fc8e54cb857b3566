package dev.slipway.oci.lazy;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Retry;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import dev.slipway.oci.transport.Transport;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** The blob of one layer where it lies; what is read of it is counted. */
final class RemoteBlob {
    private final Transport transport;
    private final Descriptor layer;
    private final Cancellation cancellation;
    private final AtomicLong requests;
    private final AtomicLong bytes;

    /** Counts requests and bytes on top of what the counters hold. */
    RemoteBlob(
            Transport transport, Descriptor layer, AtomicLong requests, AtomicLong bytes, Cancellation cancellation) {
        this.transport = transport;
        this.layer = layer;
        this.requests = requests;
        this.bytes = bytes;
        this.cancellation = cancellation;
    }

    Descriptor layer() {
        return layer;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    /** A part that lies within the blob, ending with it; empty when the place gives no parts. */
    Optional<InputStream> part(long offset, long length) throws IOException {
        cancellation.throwIfCancelled();
        requests.incrementAndGet();
        Transport.BlobStream stream = transport.part(layer, offset, length, cancellation);
        if (stream.offset() != offset) {
            stream.close();
            return Optional.empty();
        }
        return Optional.of(new Counted(stream.in(), length));
    }

    /** All bytes of a short part; tried again when that makes sense. */
    Optional<byte[]> read(long offset, int length) {
        return Retry.DEFAULT.call(cancellation, () -> readOnce(offset, length));
    }

    private Optional<byte[]> readOnce(long offset, int length) {
        try {
            Optional<InputStream> part = part(offset, length);
            if (part.isEmpty()) {
                return Optional.empty();
            }
            try (InputStream in = part.get()) {
                return Optional.of(in.readNBytes(length));
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("read layer " + layer.digest(), e);
        }
    }

    /** The whole blob. */
    InputStream whole() {
        cancellation.throwIfCancelled();
        requests.incrementAndGet();
        return new Counted(transport.blob(layer, 0, cancellation).in(), layer.size());
    }

    /** Exactly as many bytes as were asked for. */
    private final class Counted extends FilterInputStream {
        private long left;

        Counted(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            cancellation.throwIfCancelled();
            int read = in.read(buffer, from, (int) Math.min(length, left));
            if (read < 0) {
                throw OciException.corrupt(
                        "oci.size-mismatch",
                        "Reading layer " + layer.digest() + " from " + transport.description() + " failed: " + left
                                + " bytes are missing.");
            }
            left -= read;
            bytes.addAndGet(read);
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, 1 << 16)).length;
        }

        @Override
        public int available() {
            // The JDK's gzip reader looks for another member only where something is available.
            return left > 0 ? 1 : 0;
        }
    }
}
