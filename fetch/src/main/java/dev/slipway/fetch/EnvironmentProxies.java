package dev.slipway.fetch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses proxies by {@code http_proxy}, {@code https_proxy}, {@code all_proxy} and {@code no_proxy}, in lower or upper
 * case; this machine is never reached through one.
 */
final class EnvironmentProxies extends ProxySelector {
    private final Map<String, String> environment;

    private EnvironmentProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    static EnvironmentProxies from(Map<String, String> environment) {
        return new EnvironmentProxies(environment);
    }

    @Override
    public List<Proxy> select(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        String address = variable(uri.getScheme().toLowerCase(Locale.ROOT) + "_proxy");
        if (address.isEmpty()) {
            address = variable("all_proxy");
        }
        if (address.isEmpty() || Addresses.isLoopback(host) || excluded(host)) {
            return List.of(Proxy.NO_PROXY);
        }
        URI proxy = URI.create(address.contains("://") ? address : "http://" + address);
        if (proxy.getHost() == null) {
            throw FetchException.refused("fetch.bad-proxy", uri, "the proxy set in the environment has no host");
        }
        int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
        return List.of(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.getHost(), port)));
    }

    private boolean excluded(String host) {
        for (String entry : variable("no_proxy").toLowerCase(Locale.ROOT).split(",")) {
            String suffix = entry.strip().replaceFirst("^\\*?\\.", "");
            if (suffix.equals("*") || (!suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix)))) {
                return true;
            }
        }
        return false;
    }

    private String variable(String name) {
        String lower = environment.getOrDefault(name, "");
        return lower.isEmpty() ? environment.getOrDefault(name.toUpperCase(Locale.ROOT), "") : lower;
    }

    @Override
    public void connectFailed(@Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException failure) {
        // The request itself reports it.
    }
}
