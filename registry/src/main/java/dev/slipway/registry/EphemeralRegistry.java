package dev.slipway.registry;

import dev.slipway.base.AtomicFiles;
import dev.slipway.http.HttpServer;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** A registry on the loopback address, on any free port, that is gone when closed. */
public final class EphemeralRegistry implements AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(1);

    static {
        HttpServer.prepare();
    }

    private final ContentStore store;
    private final RegistryServer server;
    private final String host;
    private final Optional<Path> folder;

    private EphemeralRegistry(ContentStore store, RegistryOptions options, Optional<Path> folder) {
        this.store = store;
        this.folder = folder;
        this.server = RegistryServer.start(
                store, options, HttpServerOptions.loopback().withDrain(DRAIN));
        this.host = "127.0.0.1:" + server.address().getPort();
    }

    /** Serves a content store, which stays as it is when the registry closes. */
    public static EphemeralRegistry start(ContentStore store) {
        return start(store, RegistryOptions.defaults());
    }

    /** Serves a content store with options of its own. */
    public static EphemeralRegistry start(ContentStore store, RegistryOptions options) {
        return new EphemeralRegistry(store, options, Optional.empty());
    }

    /** Serves an empty content store in memory, to be filled by pushing or through {@link #store}. */
    public static EphemeralRegistry start() {
        return start(new MemoryContentStore());
    }

    /** Serves an empty content store in a temporary folder, for images that are too large for memory; gone on close. */
    public static EphemeralRegistry startOnDisk() {
        try {
            Path folder = Files.createTempDirectory("slipway-registry-");
            try {
                return new EphemeralRegistry(
                        DiskContentStore.open(folder), RegistryOptions.defaults(), Optional.of(folder));
            } catch (RuntimeException | Error e) {
                AtomicFiles.deleteRecursively(folder);
                throw e;
            }
        } catch (IOException e) {
            throw AtomicFiles.explain("make a temporary folder for a registry", e);
        }
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
        return server.counters();
    }

    @Override
    public void close() {
        server.close();
        if (folder.isPresent()) {
            try {
                AtomicFiles.deleteRecursively(folder.get());
            } catch (IOException e) {
                throw AtomicFiles.explain("remove " + folder.get(), e);
            }
        }
    }
}
