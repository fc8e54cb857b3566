package dev.slipway.oci.lazy;

import dev.slipway.oci.OciException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stretch of a blob, of which parts are read one after the other with as few requests as possible. */
final class BlobSpan implements AutoCloseable {
    /** Reading on costs less than another request up to about so many bytes. */
    private static final long MAX_GAP = 1 << 16;

    private final RemoteBlob blob;
    private final long end;
    private InputStream in = InputStream.nullInputStream();
    private long position = -1;

    /**
     * Prepares to read.
     *
     * @param end where in the blob the last part ends
     */
    BlobSpan(RemoteBlob blob, long end) {
        this.blob = blob;
        this.end = end;
    }

    /** A part that ends in the span; valid until the next one is asked for, and not to be closed. */
    InputStream part(long offset, long partEnd) throws IOException {
        if (position < 0 || position > offset || offset - position > MAX_GAP) {
            close();
            in = blob.part(offset, end - offset)
                    .orElseThrow(() -> OciException.corrupt(
                            "oci.bad-range",
                            "Reading layer " + blob.layer().digest() + " failed: parts of it are no longer served."));
            position = offset;
        }
        in.skipNBytes(offset - position);
        position = offset;
        return new Part(in, partEnd);
    }

    /** Forgets the request, so that the next part begins with another one. */
    @Override
    public void close() throws IOException {
        position = -1;
        in.close();
    }

    private final class Part extends FilterInputStream {
        private final long partEnd;

        Part(InputStream in, long partEnd) {
            super(in);
            this.partEnd = partEnd;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (position < 0 || position >= partEnd) {
                return -1;
            }
            int read = in.read(buffer, from, (int) Math.min(length, partEnd - position));
            position += Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            return readNBytes((int) Math.min(count, MAX_GAP)).length;
        }

        @Override
        public int available() {
            return position < partEnd ? 1 : 0;
        }

        @Override
        public void close() {
            // The request goes on to the next part.
        }
    }
}
