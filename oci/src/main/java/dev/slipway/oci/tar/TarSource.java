package dev.slipway.oci.tar;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tree.ByteChunks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** An archive's bytes: blocks for headers, and what lies between them handed over as it comes. */
final class TarSource {
    static final int BLOCK = 512;

    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final ByteChunks chunks;
    private ByteBuffer chunk = EMPTY;
    private boolean ended;

    TarSource(ByteChunks chunks) {
        this.chunks = chunks;
    }

    /** Pieces of a stream, read ahead. */
    static ByteChunks chunks(InputStream in) {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        return () -> {
            int count = in.read(buffer.array());
            return buffer.clear().limit(Math.max(0, count));
        };
    }

    private boolean more() throws IOException {
        if (!chunk.hasRemaining() && !ended) {
            chunk = chunks.next();
            ended = !chunk.hasRemaining();
        }
        return !ended;
    }

    /** Reads as much as there is, to the length asked for. */
    int read(byte[] target, int length) throws IOException {
        int count = 0;
        while (count < length && more()) {
            int step = Math.min(length - count, chunk.remaining());
            chunk.get(target, count, step);
            count += step;
        }
        return count;
    }

    /** A piece of what follows, empty at the end; valid until this is used again. */
    ByteBuffer take(long limit) throws IOException {
        if (limit == 0 || !more()) {
            return EMPTY;
        }
        int count = (int) Math.min(limit, chunk.remaining());
        ByteBuffer piece = chunk.slice(chunk.position(), count);
        chunk.position(chunk.position() + count);
        return piece;
    }

    /** Goes past as many bytes as there are, to the count asked for, and says how many. */
    long skip(long count) throws IOException {
        long left = count;
        while (left > 0 && more()) {
            int step = (int) Math.min(left, chunk.remaining());
            chunk.position(chunk.position() + step);
            left -= step;
        }
        return count - left;
    }

    /** Reads a block; false at the end of the bytes. */
    boolean block(byte[] target) throws IOException {
        int read = read(target, BLOCK);
        if (read != 0 && read != BLOCK) {
            throw invalid("it is cut off inside a header");
        }
        return read == BLOCK;
    }

    static OciException invalid(String why) {
        return OciException.corrupt("oci.invalid-tar", "Reading a tar archive failed: " + why + ".");
    }
}
