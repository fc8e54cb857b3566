package dev.slipway.oci.transfer;

import dev.slipway.oci.Platform;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How to pull.
 *
 * @param platform which image to take from an index
 * @param mirrors for a registry's host, the addresses that are asked before it, in order; {@code /v2/} begins below each
 * @param concurrency how many blobs arrive side by side, at least 1
 * @param offline ask mirrors and the content store only, never the registry itself
 */
public record PullOptions(Platform platform, Map<String, List<URI>> mirrors, int concurrency, boolean offline) {
    public PullOptions {
        Map<String, List<URI>> copies = new LinkedHashMap<>();
        mirrors.forEach((host, addresses) -> copies.put(host, List.copyOf(addresses)));
        mirrors = Map.copyOf(copies);
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency: " + concurrency);
        }
    }

    /** For this host, without mirrors, four blobs at a time. */
    public static PullOptions defaults() {
        return new PullOptions(Platform.host(), Map.of(), 4, false);
    }

    /** The mirrors of a host, the one to ask first in front. */
    public List<URI> mirrors(String host) {
        return mirrors.getOrDefault(host, List.of());
    }

    public PullOptions withPlatform(Platform newPlatform) {
        return new PullOptions(newPlatform, mirrors, concurrency, offline);
    }

    /** Adds a mirror after those that are named already. */
    public PullOptions withMirror(String host, URI address) {
        Map<String, List<URI>> more = new LinkedHashMap<>(mirrors);
        List<URI> addresses = new ArrayList<>(mirrors(host));
        addresses.add(address);
        more.put(host, addresses);
        return new PullOptions(platform, more, concurrency, offline);
    }

    public PullOptions withConcurrency(int newConcurrency) {
        return new PullOptions(platform, mirrors, newConcurrency, offline);
    }

    public PullOptions withOffline(boolean newOffline) {
        return new PullOptions(platform, mirrors, concurrency, newOffline);
    }
}
