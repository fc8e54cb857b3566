package dev.slipway.oci.tar;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tree.ByteChunks;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** An archive's bytes: blocks for headers, and what lies between them handed over as it comes. */
final class TarSource {
    static final int BLOCK = 512;

    private static final int READ_AHEAD = 1 << 16;
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final ByteChunks chunks;
    private final @Nullable InputStream skippable;
    private ByteBuffer chunk = EMPTY;
    private long loaded;
    private boolean ended;

    TarSource(ByteChunks chunks) {
        this.chunks = chunks;
        this.skippable = null;
    }

    /** Reads a stream ahead. */
    TarSource(InputStream in) {
        ByteBuffer buffer = ByteBuffer.allocate(READ_AHEAD);
        this.chunks = () -> buffer.clear().limit(Math.max(0, in.read(buffer.array())));
        this.skippable = in;
    }

    /** How many bytes have been used. */
    long position() {
        return loaded - chunk.remaining();
    }

    private boolean more() throws IOException {
        if (!chunk.hasRemaining() && !ended) {
            chunk = chunks.next();
            loaded += chunk.remaining();
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
        while (left > 0) {
            if (left > chunk.remaining() + READ_AHEAD) {
                left -= leap(left - READ_AHEAD);
            }
            if (!more()) {
                break;
            }
            int step = (int) Math.min(left, chunk.remaining());
            chunk.position(chunk.position() + step);
            left -= step;
        }
        return count - left;
    }

    /** Passes bytes without reading them, where the stream can; never to its end, of which streams do not always know. */
    private long leap(long count) throws IOException {
        if (skippable == null) {
            return 0;
        }
        long left = count - chunk.remaining();
        chunk = EMPTY;
        long passed = 1;
        while (left > 0 && passed > 0) {
            passed = skippable.skip(left);
            loaded += passed;
            left -= passed;
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
