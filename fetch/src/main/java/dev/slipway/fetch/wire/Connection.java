package dev.slipway.fetch.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** One connection, and the bytes that were read from it ahead. For one thread at a time; {@link #abort} for any. */
public final class Connection implements AutoCloseable {
    private static final int BUFFER = 1 << 14;

    private final Route route;
    private final Socket plain;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private long idleSince = System.nanoTime();
    private boolean anythingRead;
    private long deadline;
    private boolean deadlineSet;
    private volatile boolean aborted;

    /** Wraps a connected socket; {@code socket} is the one over TLS, or the plain one again. */
    Connection(Route route, Socket plain, Socket socket) throws IOException {
        this.route = route;
        this.plain = plain;
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    Route route() {
        return route;
    }

    /** Each single read from now on waits no longer than this. */
    public void patience(Duration patience) throws IOException {
        deadlineSet = false;
        socket.setSoTimeout(Math.clamp(patience.toMillis(), 1, Integer.MAX_VALUE));
    }

    /** All reads from now on, until {@link #patience}, end within this time. */
    void deadline(Duration patience) {
        deadline = System.nanoTime() + patience.toNanos();
        deadlineSet = true;
    }

    int read() throws IOException {
        if (position == limit && !fill()) {
            return -1;
        }
        return buffer[position++] & 0xff;
    }

    int read(byte[] target, int from, int length) throws IOException {
        if (position == limit) {
            // Large reads go straight from the socket.
            int read = in.read(target, from, length);
            anythingRead |= read > 0;
            return read;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, from, count);
        position += count;
        return count;
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = 0;
        if (deadlineSet) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new SocketTimeoutException("no answer in time");
            }
            socket.setSoTimeout(Math.clamp(left, 1, Integer.MAX_VALUE));
        }
        limit = Math.max(0, in.read(buffer, 0, BUFFER));
        anythingRead |= limit > 0;
        return limit > 0;
    }

    /** Reads up to a line feed, without it and a carriage return before it. */
    String line(int maxLength) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = read(); next != '\n'; next = read()) {
            if (next < 0) {
                throw new EOFException(
                        anythingRead ? "the connection was closed inside an answer" : "the connection was closed");
            }
            if (line.length() >= maxLength) {
                throw new IOException("the answer has a line longer than " + maxLength + " bytes");
            }
            line.append((char) next);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
    }

    void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
    }

    void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    void flush() throws IOException {
        out.flush();
    }

    /** Whether something has come already, as when a server answers before it has the whole request. */
    boolean answerWaits() throws IOException {
        return position < limit || in.available() > 0;
    }

    /** Whether a byte of the current answer has arrived. */
    boolean anythingRead() {
        return anythingRead;
    }

    void beginExchange() {
        anythingRead = false;
    }

    void rest() {
        idleSince = System.nanoTime();
    }

    Duration idle() {
        return Duration.ofNanos(System.nanoTime() - idleSince);
    }

    /** Whether the peer is still there and has said nothing unasked. */
    boolean fresh() {
        try {
            patience(Duration.ofMillis(1));
            in.read(buffer, 0, 1);
            return false;
        } catch (SocketTimeoutException _) {
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    boolean aborted() {
        return aborted;
    }

    /** Cuts the connection, waking whoever reads or writes. */
    public void abort() {
        aborted = true;
        try {
            // Not the TLS socket: closing that one would wait for whoever writes.
            plain.close();
        } catch (IOException _) {
            // It is of no more use in any case.
        }
    }

    @Override
    public void close() {
        abort();
    }
}
