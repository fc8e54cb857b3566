package dev.slipway.http;

import dev.slipway.http.jetty.JettyServer;
import java.net.InetSocketAddress;
import java.net.URI;

/**
 * A listening HTTP/1.1 server. Each request runs on a virtual thread of its own, so handlers may block.
 *
 * <p>{@link #close} stops accepting, lets running requests finish for {@link HttpServerOptions#drain}, then cuts what
 * is left.
 */
public final class HttpServer implements AutoCloseable {
    private final JettyServer server;
    private final String scheme;

    private HttpServer(JettyServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
    }

    /** Begins to load, beside the caller, what the first server of a process needs; returns at once. */
    public static void prepare() {
        JettyServer.prepare();
    }

    /**
     * Starts listening; the server is ready when this returns.
     *
     * @throws HttpException {@code http.port-in-use}, {@code http.address-invalid}, {@code http.address-denied} or
     *     {@code http.listen-failed}
     */
    public static HttpServer start(HttpServerOptions options, Handler handler, ErrorMapper errors) {
        return new HttpServer(
                JettyServer.start(options, handler, errors), options.tls().isPresent() ? "https" : "http");
    }

    /** Starts listening, with errors answered as plain text. */
    public static HttpServer start(HttpServerOptions options, Handler handler) {
        return start(options, handler, ErrorMapper.PLAIN_TEXT);
    }

    /** Where the server listens, with the port that was really taken. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** The server's root, such as {@code http://127.0.0.1:8080/}. */
    public URI uri() {
        InetSocketAddress address = address();
        String host = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress();
        // A zone, as in fe80::1%eth0, has no place in a URI that others shall use.
        int zone = host.indexOf('%');
        String plain = zone < 0 ? host : host.substring(0, zone);
        return URI.create(
                scheme + "://" + (plain.contains(":") ? "[" + plain + "]" : plain) + ":" + address.getPort() + "/");
    }

    /** How many requests are being answered now. */
    public int running() {
        return server.running();
    }

    @Override
    public void close() {
        server.close();
    }
}
