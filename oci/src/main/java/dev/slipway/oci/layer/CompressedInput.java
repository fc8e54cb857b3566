package dev.slipway.oci.layer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A blob's stored bytes in a direct buffer, from which native code takes them. */
final class CompressedInput implements AutoCloseable {
    /** How far back an inflater may set the position after a refill. */
    static final int MARGIN = 8;

    private static final int SIZE = 1 << 17;

    private final InputStream blob;
    private final byte[] transfer = new byte[SIZE];
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(MARGIN + SIZE).position(MARGIN).limit(MARGIN);
    private boolean ended;

    CompressedInput(InputStream blob) {
        this.blob = blob;
    }

    /** What has been read and not yet been used. */
    ByteBuffer buffer() {
        return buffer;
    }

    /** Reads more when nothing is left; says whether there is something now. */
    boolean more() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        if (ended) {
            return false;
        }
        int count = blob.read(transfer, 0, SIZE);
        ended = count < 0;
        if (count > 0) {
            int end = buffer.position();
            for (int i = 0; i < MARGIN; i++) {
                buffer.put(i, buffer.get(end - MARGIN + i));
            }
            buffer.clear().position(MARGIN).put(transfer, 0, count).flip().position(MARGIN);
        }
        return count > 0;
    }

    /** The first bytes, without using them up; fewer than asked for only when there are no more. */
    byte[] peek(int length) throws IOException {
        int count = Math.max(0, blob.readNBytes(transfer, 0, length));
        buffer.clear().position(MARGIN).put(transfer, 0, count).flip().position(MARGIN);
        byte[] first = new byte[count];
        System.arraycopy(transfer, 0, first, 0, count);
        return first;
    }

    /** Reads what is left, for the sake of whoever checks it on its way here. */
    void drain() throws IOException {
        while (!ended) {
            ended = blob.read(transfer, 0, SIZE) < 0;
        }
    }

    @Override
    public void close() throws IOException {
        blob.close();
    }
}
