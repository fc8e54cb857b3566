package dev.slipway.http;

import dev.slipway.base.ByteSize;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How a server listens.
 *
 * @param address where to listen; port 0 takes any free one
 * @param maxBody request bodies past this are refused, unless a handler streams them itself
 * @param idleTimeout a connection silent for this long is closed
 * @param drain how long {@link HttpServer#close} lets running requests finish
 */
public record HttpServerOptions(InetSocketAddress address, ByteSize maxBody, Duration idleTimeout, Duration drain) {
    /** A loopback server on any free port. */
    public static HttpServerOptions loopback() {
        return new HttpServerOptions(
                new InetSocketAddress("127.0.0.1", 0),
                ByteSize.ofMebibytes(16),
                Duration.ofMinutes(2),
                Duration.ofSeconds(10));
    }
}
