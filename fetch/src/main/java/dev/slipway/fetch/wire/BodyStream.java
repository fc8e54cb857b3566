package dev.slipway.fetch.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The body of an answer. Read to its end, it hands its connection back for the next request; closed before, it cuts the
 * connection, unless next to nothing is left.
 */
public final class BodyStream extends InputStream {
    private static final int MAX_CHUNK_LINE = 1 << 12;
    /** So much is read for the connection's sake. */
    private static final int CHEAP = 1 << 12;

    private enum Framing {
        LENGTH,
        CHUNKED,
        CLOSE
    }

    private final Connection connection;
    private final Framing framing;
    private final Done done;
    private final boolean reusable;
    private long left;
    private long total;
    private boolean firstChunk = true;
    private boolean ended;

    /** Hears once when the body is of no more use, and whether its connection can serve again. */
    @FunctionalInterface
    interface Done {
        void accept(boolean reusable);
    }

    private BodyStream(Connection connection, Framing framing, long left, boolean persistent, Done done) {
        this.connection = connection;
        this.framing = framing;
        this.left = left;
        this.reusable = persistent && framing != Framing.CLOSE;
        this.done = done;
    }

    /** The body that follows a head. */
    static BodyStream of(Connection connection, ResponseHead head, boolean without, Done done) throws IOException {
        boolean persistent = head.persistent();
        BodyStream body;
        if (without || head.status() == 204 || head.status() == 304) {
            body = new BodyStream(connection, Framing.LENGTH, 0, persistent, done);
        } else if (head.chunked()) {
            body = new BodyStream(connection, Framing.CHUNKED, 0, persistent, done);
        } else {
            long length = head.length();
            body = length < 0
                    ? new BodyStream(connection, Framing.CLOSE, Long.MAX_VALUE, persistent, done)
                    : new BodyStream(connection, Framing.LENGTH, length, persistent, done);
        }
        if (body.framing == Framing.LENGTH && body.left == 0) {
            body.end();
        }
        return body;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (ended || (framing == Framing.CHUNKED && left == 0 && !nextChunk())) {
            return -1;
        }
        int read = connection.read(buffer, from, (int) Math.min(length, left));
        if (read < 0) {
            return endOfConnection();
        }
        left -= read;
        total += read;
        if (framing == Framing.LENGTH && left == 0) {
            end();
        }
        return read;
    }

    private int endOfConnection() throws IOException {
        if (framing == Framing.CLOSE) {
            end();
            return -1;
        }
        throw new EOFException("it was closed after " + total + " bytes of the body, before its end");
    }

    private boolean nextChunk() throws IOException {
        if (!firstChunk && !connection.line(MAX_CHUNK_LINE).isEmpty()) {
            throw new IOException("a chunk of the body is longer than it says");
        }
        firstChunk = false;
        String line = connection.line(MAX_CHUNK_LINE);
        String size = line.replaceFirst("[ \\t]*;.*", "");
        if (!size.matches("[0-9A-Fa-f]{1,15}")) {
            throw new IOException("the size of a chunk of the body is malformed");
        }
        left = Long.parseLong(size, 16);
        if (left > 0) {
            return true;
        }
        for (int trailers = 0; !connection.line(MAX_CHUNK_LINE).isEmpty(); trailers++) {
            if (trailers == 64) {
                throw new IOException("the body has too many trailers");
            }
        }
        end();
        return false;
    }

    private void end() {
        if (!ended) {
            ended = true;
            done.accept(reusable);
        }
    }

    @Override
    public int available() {
        return 0;
    }

    @Override
    public void close() {
        if (ended) {
            return;
        }
        try {
            if (framing == Framing.LENGTH && left <= CHEAP && !connection.aborted() && connection.answerWaits()) {
                readNBytes((int) left);
            }
        } catch (IOException _) {
            // Nobody wants these bytes.
        }
        if (!ended) {
            ended = true;
            done.accept(false);
        }
    }
}
