package dev.slipway.oci.transfer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Retry;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.Transport;
import java.io.IOException;
import java.io.InputStream;

/** Blobs from a place that may break off: then they go on from there, and who reads them notices nothing. */
final class ResumingSource implements BlobSource {
    private final BlobSource source;
    private final Retry retry;

    ResumingSource(Transport transport, Retry retry) {
        this.source = BlobSource.of(transport);
        this.retry = retry;
    }

    @Override
    public InputStream open(Descriptor blob, long offset, Cancellation cancellation) {
        return new Resumed(blob, offset, cancellation);
    }

    private InputStream reopen(Descriptor blob, long offset, Cancellation cancellation) {
        return Fetcher.retry(retry, cancellation, () -> source.open(blob, offset, cancellation));
    }

    private final class Resumed extends InputStream {
        private final Descriptor blob;
        private final Cancellation cancellation;
        private InputStream in;
        private long position;

        Resumed(Descriptor blob, long offset, Cancellation cancellation) {
            this.blob = blob;
            this.cancellation = cancellation;
            this.position = offset;
            this.in = reopen(blob, offset, cancellation);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            int read;
            try {
                read = in.read(buffer, from, length);
            } catch (CodedException e) {
                if (!e.retryable()) {
                    throw e;
                }
                read = readAgain(buffer, from, length);
            }
            position += Math.max(read, 0);
            return read;
        }

        private int readAgain(byte[] buffer, int from, int length) {
            return Fetcher.retry(retry, cancellation, () -> {
                try {
                    in.close();
                    in = source.open(blob, position, cancellation);
                    return in.read(buffer, from, length);
                } catch (IOException e) {
                    throw AtomicFiles.explain("read " + blob.digest(), e);
                }
            });
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
