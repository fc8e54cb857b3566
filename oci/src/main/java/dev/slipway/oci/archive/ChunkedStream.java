package dev.slipway.oci.archive;

import java.io.IOException;
import java.io.InputStream;

/**
 * A body that comes in chunks, each with its size in front.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112#section-7.1">RFC 9112, chunked transfer coding</a>
 */
final class ChunkedStream extends InputStream {
    private static final int MAX_TRAILERS = 200;
    /** So many digits fit into a long. */
    private static final int MAX_DIGITS = 15;

    private final InputStream in;
    private final UnixHttp http;
    private InputStream chunk = InputStream.nullInputStream();
    private boolean began;
    private boolean ended;

    ChunkedStream(InputStream in, UnixHttp http) {
        this.in = in;
        this.http = http;
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
        while (!ended) {
            int read = chunk.read(buffer, from, length);
            if (read > 0) {
                return read;
            }
            next();
        }
        return -1;
    }

    private void next() throws IOException {
        if (began && !UnixAnswer.line(in, http).isEmpty()) {
            throw http.malformed("a chunk of its answer has another size than it says");
        }
        began = true;
        String digits = UnixAnswer.line(in, http).replaceFirst("[ \t]*;.*", "");
        if (!digits.matches("[0-9A-Fa-f]{1," + MAX_DIGITS + "}")) {
            throw http.malformed("a chunk of its answer has a malformed size");
        }
        long size = Long.parseLong(digits, 16);
        chunk = new SizedStream(in, size);
        if (size == 0) {
            ended = true;
            for (int i = 0; !UnixAnswer.line(in, http).isEmpty(); i++) {
                if (i == MAX_TRAILERS) {
                    throw http.malformed("its answer has too many trailers");
                }
            }
        }
    }
}
