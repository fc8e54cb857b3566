package dev.slipway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** One request and its answer. */
public interface Exchange {
    String method();

    /** The path as it came, still percent-encoded, without the query. */
    String path();

    /** The first value of a query parameter, decoded. */
    Optional<String> query(String name);

    /** All values of a query parameter, decoded, in the order they came. */
    List<String> queries(String name);

    /** The first value of a request header, by case-insensitive name. */
    Optional<String> header(String name);

    /**
     * What a {@code {name}} of the route's pattern matched, decoded.
     *
     * @throws IllegalArgumentException when the pattern has no such place
     */
    String parameter(String name);

    /** The body's length as announced by the client. */
    OptionalLong contentLength();

    /** The body as it arrives; reading past {@link HttpServerOptions#maxBody} fails with {@code http.body-too-large}. */
    InputStream body() throws IOException;

    /** The body as it arrives, however long, for handlers that pass it on in small pieces and bound it themselves. */
    InputStream unlimitedBody() throws IOException;

    /** An id for logs and for the {@code X-Request-Id} answer header: the client's own when it sent a sane one. */
    String requestId();

    /** Who asks: the other end of the connection. */
    InetSocketAddress remote();

    /** Whether the request came over TLS. */
    boolean secure();

    /** How many bytes of the answer's body have been handed to the connection so far. */
    long sent();

    /** Adds an answer header beside those of the same name; returns this. */
    Exchange addHeader(String name, String value);

    /** Sets an answer header; returns this. */
    Exchange respondHeader(String name, String value);

    /** Answers with a whole body. To HEAD, only its length is sent. */
    void send(int status, String contentType, byte[] body) throws IOException;

    /** Answers without a body. */
    void send(int status) throws IOException;

    /** Answers with {@code length} bytes of a file from {@code offset}, or with its length alone to HEAD. */
    void sendFile(int status, String contentType, Path file, long offset, long length) throws IOException;

    /**
     * Begins an answer whose body is written piece by piece; closing the stream ends it. A handler that cannot finish
     * the body throws without closing the stream, so that the client sees a broken connection and no short body.
     *
     * @param length the body's length, or empty for a chunked one
     */
    OutputStream stream(int status, String contentType, OptionalLong length) throws IOException;

    /** Begins a stream of server-sent events; the head of the answer is sent at once. */
    EventStream events() throws IOException;
}
