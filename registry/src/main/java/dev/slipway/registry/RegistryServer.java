package dev.slipway.registry;

import dev.slipway.http.Exchange;
import dev.slipway.http.HttpServer;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.http.Router;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/**
 * A registry that listens on an address of its own: the distribution API below {@code /v2/}, and its counters at
 * {@code /metrics} for programs on the same machine.
 */
public final class RegistryServer implements AutoCloseable {
    private final RegistryHandler handler;
    private final HttpServer server;

    private RegistryServer(RegistryHandler handler, HttpServer server) {
        this.handler = handler;
        this.server = server;
    }

    /** Starts to listen; the registry is ready when this returns. */
    public static RegistryServer start(ContentStore store, RegistryOptions options, HttpServerOptions listening) {
        RegistryHandler handler = new RegistryHandler(store, options);
        Router router = new Router()
                .mount("/v2/", handler)
                .route("GET", "/metrics", exchange -> sendMetrics(exchange, handler));
        return new RegistryServer(handler, HttpServer.start(listening, router));
    }

    private static void sendMetrics(Exchange exchange, RegistryHandler handler) throws IOException {
        InetAddress address = exchange.remote().getAddress();
        if (address == null || !address.isLoopbackAddress()) {
            exchange.send(403);
            return;
        }
        exchange.send(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                handler.metrics().getBytes(StandardCharsets.UTF_8));
    }

    /** Where it listens, with the port that was really taken. */
    public InetSocketAddress address() {
        return server.address();
    }

    /** The server's root, below which {@code v2/} begins. */
    public URI uri() {
        return server.uri();
    }

    /** What has been served so far. */
    public RegistryCounters counters() {
        return handler.counters();
    }

    /** Lets running requests finish for a while, then ends them. */
    @Override
    public void close() {
        try {
            server.close();
        } finally {
            handler.close();
        }
    }
}
