package dev.slipway.fetch;

import dev.slipway.fetch.wire.Route;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses proxies by {@code http_proxy}, {@code https_proxy}, {@code all_proxy} and {@code no_proxy}, in lower or upper
 * case; this machine is never reached through one.
 */
final class EnvironmentProxies {
    private final Map<String, String> environment;

    private EnvironmentProxies(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    static EnvironmentProxies from(Map<String, String> environment) {
        return new EnvironmentProxies(environment);
    }

    /** The proxy for an address; empty to go straight there. */
    Optional<Route.Proxy> proxy(URI uri) {
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        String address = variable(uri.getScheme().toLowerCase(Locale.ROOT) + "_proxy");
        if (address.isEmpty()) {
            address = variable("all_proxy");
        }
        if (address.isEmpty() || Addresses.isLoopback(host) || excluded(host)) {
            return Optional.empty();
        }
        try {
            URI proxy = URI.create(address.contains("://") ? address : "http://" + address);
            if ("http".equalsIgnoreCase(proxy.getScheme()) && proxy.getHost() != null) {
                int port = proxy.getPort() < 0 ? 80 : proxy.getPort();
                return Optional.of(new Route.Proxy(proxy.getHost(), port, authorization(proxy)));
            }
        } catch (IllegalArgumentException _) {
            // Not said with its words: it may hold a password.
        }
        throw FetchException.refused("fetch.bad-proxy", uri, "the proxy set in the environment is no http address");
    }

    private static String authorization(URI proxy) {
        String user = proxy.getUserInfo();
        return user == null ? "" : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
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
}
