package dev.slipway.fetch;

import java.net.URI;
import java.util.Locale;

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
