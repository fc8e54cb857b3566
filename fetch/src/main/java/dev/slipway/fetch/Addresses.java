package dev.slipway.fetch;

import dev.slipway.fetch.wire.Route;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** What the client has to know about addresses. */
final class Addresses {
    private Addresses() {}

    /** The address without user information, query and fragment: those may hold secrets. */
    static URI bare(URI uri) {
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        String host = uri.getHost() == null ? "" : "//" + uri.getHost() + port;
        return URI.create((uri.getScheme() == null ? "" : uri.getScheme() + ":") + host + path);
    }

    /** Scheme, host and port: what credentials belong to. */
    static String origin(URI uri) {
        String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + ":" + port;
    }

    /** How the address is reached. */
    static Route route(URI uri, EnvironmentProxies proxies, Function<String, TlsSettings> tls) {
        boolean secure = "https".equalsIgnoreCase(uri.getScheme());
        String host = uri.getHost().toLowerCase(Locale.ROOT);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
        return new Route(
                bare, port, proxies.proxy(uri), secure ? Optional.of(tls.apply(host + ":" + port)) : Optional.empty());
    }

    /** What stands in the request's first line. */
    static String target(URI uri, boolean whole) {
        URI ascii = URI.create(uri.toASCIIString());
        String path = ascii.getRawPath() == null || ascii.getRawPath().isEmpty() ? "/" : ascii.getRawPath();
        String query = ascii.getRawQuery() == null ? "" : "?" + ascii.getRawQuery();
        return (whole ? "http://" + authority(uri) : "") + path + query;
    }

    /** Host and, where it is not the usual one, port. */
    static String authority(URI uri) {
        return uri.getPort() < 0 ? uri.getHost() : uri.getHost() + ":" + uri.getPort();
    }

    static boolean isHttp(URI uri) {
        return uri.getHost() != null
                && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
    }

    static boolean isLoopback(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.matches("127(?:[.][0-9]{1,3}){3}")
                || host.equals("[::1]")
                || host.equals("::1");
    }
}
