package dev.slipway.gallery;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Serves a store as a registry, and counts what it serves. */
final class LoopbackRegistry implements AutoCloseable {
    final AtomicLong blobBytes = new AtomicLong();
    final AtomicInteger requests = new AtomicInteger();

    private final ContentStore store;
    private final HttpServer server;

    LoopbackRegistry(ContentStore store) throws IOException {
        this.store = store;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v2/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String kind = path[path.length - 2];
        String target = path[path.length - 1];
        Optional<Descriptor> tagged =
                target.contains(":") ? Optional.empty() : store.resolve("registry.example/backends/echo:" + target);
        Digest digest = tagged.map(Descriptor::digest).orElseGet(() -> Digest.parse(target));
        long size = store.size(digest).orElseThrow();
        exchange.getResponseHeaders().set("Docker-Content-Digest", digest.toString());
        exchange.getResponseHeaders()
                .set(
                        "Content-Type",
                        kind.equals("manifests")
                                ? "application/vnd.oci.image.manifest.v1+json"
                                : "application/octet-stream");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Long.toString(size));
            exchange.sendResponseHeaders(200, -1);
            return;
        }
        exchange.sendResponseHeaders(200, size);
        try (InputStream in = store.open(digest)) {
            long sent = in.transferTo(exchange.getResponseBody());
            if (kind.equals("blobs")) {
                blobBytes.addAndGet(sent);
            }
        }
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
