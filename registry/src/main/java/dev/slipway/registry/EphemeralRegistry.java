package dev.slipway.registry;

import dev.slipway.http.HttpServer;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import java.net.URI;

/** A registry on the loopback address, on any free port, that is gone when closed. */
public final class EphemeralRegistry implements AutoCloseable {
    private final ContentStore store;
    private final RegistryHandler handler;
    private final HttpServer server;
    private final String host;

    private EphemeralRegistry(ContentStore store) {
        this.store = store;
        this.handler = new RegistryHandler(store);
        this.server = HttpServer.start(HttpServerOptions.loopback(), handler);
        this.host = "127.0.0.1:" + server.address().getPort();
    }

    /** Serves a content store. */
    public static EphemeralRegistry start(ContentStore store) {
        return new EphemeralRegistry(store);
    }

    /** Serves an empty content store in memory, to be filled through {@link #store}. */
    public static EphemeralRegistry start() {
        return start(new MemoryContentStore());
    }

    public ContentStore store() {
        return store;
    }

    /** Host and port, as they stand at the beginning of a reference. */
    public String host() {
        return host;
    }

    /** Where {@code /v2/} begins. */
    public URI address() {
        return URI.create("http://" + host);
    }

    /** What has been served so far. */
    public RegistryCounters counters() {
        return handler.counters();
    }

    @Override
    public void close() {
        server.close();
    }
}
