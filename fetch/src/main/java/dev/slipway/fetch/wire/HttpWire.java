package dev.slipway.fetch.wire;

import dev.slipway.base.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * Sends single requests, without redirects and retries.
 *
 * <p>Over blocking sockets of its own: a bare socket moves 3 GB/s on one core here, where the JDK's HTTP client moves
 * 0.6 GB/s and takes a fifth of a second to start.
 */
public final class HttpWire implements AutoCloseable {
    private static final int BUFFER = 1 << 17;

    private final ConnectionPool pool = new ConnectionPool();
    private final Dialer dialer;

    /** Waits at most so long for each connection. */
    public HttpWire(Duration connectPatience) {
        this.dialer = new Dialer(connectPatience);
    }

    /** An answer whose body is still to be read. */
    public record Exchange(ResponseHead head, BodyStream body) {}

    /**
     * Sends a request and waits for the head of the answer. A connection that had rested and proves dead is replaced once.
     *
     * @throws IOException when the connection or the peer fails; {@link SocketTimeoutException} when no answer came in time
     */
    public Exchange send(Route route, Request request, Cancellation cancellation) throws IOException {
        Optional<Connection> rested = pool.take(route);
        if (rested.isPresent()) {
            Connection connection = rested.get();
            try {
                return exchange(connection, request, cancellation);
            } catch (SocketTimeoutException | StalledException e) {
                throw e;
            } catch (IOException e) {
                cancellation.throwIfCancelled();
                // A large body is for the caller to send again: the peer may have kept what had come of it.
                if (!request.idempotent() || !request.small() || connection.anythingRead()) {
                    throw e;
                }
            }
        }
        Connection connection = dialer.dial(route, cancellation);
        pool.add(connection);
        return exchange(connection, request, cancellation);
    }

    private Exchange exchange(Connection connection, Request request, Cancellation cancellation) throws IOException {
        Cancellation.Registration registration = cancellation.onCancel(connection::abort);
        boolean answered = false;
        try {
            connection.beginExchange();
            boolean whole = request.small() ? sendSmall(connection, request) : sendLarge(connection, request);
            connection.deadline(request.answer());
            ResponseHead head = ResponseHead.read(connection);
            connection.patience(request.stall());
            ResponseHead kept = new ResponseHead(head.persistent() && whole, head.status(), head.headers());
            BodyStream body = BodyStream.of(connection, kept, request.method().equals("HEAD"), reusable -> {
                // First: a cancel that comes later must not cut what serves somebody else by then.
                registration.close();
                if (reusable) {
                    pool.giveBack(connection);
                } else {
                    pool.drop(connection);
                }
            });
            answered = true;
            return new Exchange(kept, body);
        } finally {
            if (!answered) {
                registration.close();
                pool.drop(connection);
            }
        }
    }

    private static boolean sendSmall(Connection connection, Request request) throws IOException {
        byte[] head = request.head().getBytes(StandardCharsets.ISO_8859_1);
        int length = (int) request.body().length();
        byte[] all = Arrays.copyOf(head, head.length + length);
        try (InputStream in = request.body().content().open()) {
            requireWhole(in.readNBytes(all, head.length, length), length);
        }
        connection.write(all, 0, all.length);
        connection.flush();
        return true;
    }

    /** Sends head and body; false when the peer answered before it had all. */
    private static boolean sendLarge(Connection connection, Request request) throws IOException {
        try (SendWatch watch = new SendWatch(connection, request.stall())) {
            try {
                connection.write(request.head());
                boolean whole = sendBody(connection, request, watch);
                connection.flush();
                return whole;
            } catch (IOException e) {
                if (watch.stalled()) {
                    throw new StalledException(e);
                }
                if (!connection.aborted() && answered(connection)) {
                    // The peer had said why before it closed the line.
                    return false;
                }
                throw e;
            }
        }
    }

    private static boolean answered(Connection connection) {
        try {
            return connection.answerWaits();
        } catch (IOException _) {
            return false;
        }
    }

    private static boolean sendBody(Connection connection, Request request, SendWatch watch) throws IOException {
        long length = request.body().length();
        boolean chunked = length < 0;
        byte[] buffer = new byte[BUFFER];
        long sent = 0;
        try (InputStream in = request.body().content().open()) {
            while (chunked || sent < length) {
                int wanted = chunked ? BUFFER : (int) Math.min(BUFFER, length - sent);
                int read = in.readNBytes(buffer, 0, wanted);
                if (!chunked) {
                    requireWhole(read, wanted);
                }
                watch.sent();
                if (connection.answerWaits()) {
                    return false;
                }
                if (chunked && read > 0) {
                    connection.write(Integer.toHexString(read) + "\r\n");
                }
                connection.write(buffer, 0, read);
                if (chunked) {
                    connection.write(read > 0 ? "\r\n" : "");
                }
                sent += read;
                watch.sent();
                if (chunked && read < wanted) {
                    connection.write("0\r\n\r\n");
                    return true;
                }
            }
        }
        return true;
    }

    private static void requireWhole(int read, long wanted) throws IOException {
        if (read < wanted) {
            throw new SourceException("the request's body ended " + (wanted - read) + " bytes early");
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
