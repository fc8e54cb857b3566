package dev.slipway.oci.archive;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** So many bytes of a stream, neither more nor less. */
final class SizedStream extends InputStream {
    private final InputStream in;
    private long left;

    SizedStream(InputStream in, long size) {
        this.in = in;
        this.left = size;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (left <= 0) {
            return -1;
        }
        int read = in.read(buffer, from, (int) Math.min(length, left));
        if (read < 0) {
            throw new EOFException("it ended " + left + " bytes early");
        }
        left -= read;
        return read;
    }
}
