package dev.slipway.oci.transfer;

import dev.slipway.oci.Platform;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How to pull.
 *
 * @param platform which image to take from an index
 * @param mirrors for a registry's host, the address of one that is asked first; {@code /v2/} begins below it
 * @param concurrency how many blobs arrive side by side, at least 1
 * @param offline ask mirrors and the content store only, never the registry itself
 */
public record PullOptions(Platform platform, Map<String, URI> mirrors, int concurrency, boolean offline) {
    public PullOptions {
        mirrors = Map.copyOf(mirrors);
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: " + concurrency);
        }
    }

    /** For this host, without mirrors, four blobs at a time. */
    public static PullOptions defaults() {
        return new PullOptions(Platform.host(), Map.of(), 4, false);
    }

    public PullOptions withPlatform(Platform newPlatform) {
        return new PullOptions(newPlatform, mirrors, concurrency, offline);
    }

    public PullOptions withMirror(String host, URI address) {
        Map<String, URI> more = new LinkedHashMap<>(mirrors);
        more.put(host, address);
        return new PullOptions(platform, more, concurrency, offline);
    }

    public PullOptions withConcurrency(int newConcurrency) {
        return new PullOptions(platform, mirrors, newConcurrency, offline);
    }

    public PullOptions withOffline(boolean newOffline) {
        return new PullOptions(platform, mirrors, concurrency, newOffline);
    }
}
