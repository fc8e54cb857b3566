package dev.slipway.oci.tar;

import dev.slipway.oci.tree.ByteChunks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** The content of one entry, as a stream or in pieces. */
final class TarContent extends InputStream implements ByteChunks {
    private final TarSource source;
    private ByteBuffer piece = ByteBuffer.allocate(0);
    private long left;
    private boolean gone;

    TarContent(TarSource source, long size) {
        this.source = source;
        this.left = size;
    }

    @Override
    public ByteBuffer next() throws IOException {
        if (piece.hasRemaining()) {
            ByteBuffer rest = piece;
            piece = ByteBuffer.allocate(0);
            return rest;
        }
        return load();
    }

    private ByteBuffer load() throws IOException {
        if (gone) {
            throw new IOException("the archive has been read past this entry");
        }
        ByteBuffer next = source.take(left);
        if (left > 0 && !next.hasRemaining()) {
            throw TarSource.invalid("it is cut off inside an entry");
        }
        left -= next.remaining();
        return next;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!piece.hasRemaining()) {
            piece = load();
        }
        if (!piece.hasRemaining()) {
            return -1;
        }
        int count = Math.min(length, piece.remaining());
        piece.get(target, from, count);
        return count;
    }

    @Override
    public int available() {
        return piece.remaining();
    }

    /** Goes to the end of the entry, after which nothing more can be had of it. */
    void skipRest() throws IOException {
        if (source.skip(left) < left) {
            throw TarSource.invalid("it is cut off inside an entry");
        }
        left = 0;
        gone = true;
    }
}
