package dev.slipway.http;

import dev.slipway.base.ByteSize;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server listens.
 *
 * @param address where to listen; port 0 takes any free one
 * @param maxBody request bodies past this are refused, unless a handler streams them itself
 * @param idleTimeout a connection silent for this long is closed
 * @param drain how long {@link HttpServer#close} lets running requests finish
 * @param tls present when the server speaks TLS, and nothing else then
 */
public record HttpServerOptions(
        InetSocketAddress address, ByteSize maxBody, Duration idleTimeout, Duration drain, Optional<TlsFiles> tls) {
    /** A server without TLS. */
    public HttpServerOptions(InetSocketAddress address, ByteSize maxBody, Duration idleTimeout, Duration drain) {
        this(address, maxBody, idleTimeout, drain, Optional.empty());
    }

    /** A loopback server on any free port. */
    public static HttpServerOptions loopback() {
        return new HttpServerOptions(
                new InetSocketAddress("127.0.0.1", 0),
                ByteSize.ofMebibytes(16),
                Duration.ofMinutes(2),
                Duration.ofSeconds(10));
    }

    public HttpServerOptions withAddress(InetSocketAddress newAddress) {
        return new HttpServerOptions(newAddress, maxBody, idleTimeout, drain, tls);
    }

    public HttpServerOptions withIdleTimeout(Duration newTimeout) {
        return new HttpServerOptions(address, maxBody, newTimeout, drain, tls);
    }

    public HttpServerOptions withDrain(Duration newDrain) {
        return new HttpServerOptions(address, maxBody, idleTimeout, newDrain, tls);
    }

    public HttpServerOptions withTls(TlsFiles files) {
        return new HttpServerOptions(address, maxBody, idleTimeout, drain, Optional.of(files));
    }
}
