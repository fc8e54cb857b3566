package dev.slipway.fetch.wire;

import dev.slipway.fetch.TlsSettings;
import java.util.Optional;

/**
 * Where a connection leads.
 *
 * @param host the server's name or address, without brackets
 * @param proxy what the connection goes through, when it does
 * @param tls how the server is judged; empty without TLS
 */
public record Route(String host, int port, Optional<Proxy> proxy, Optional<TlsSettings> tls) {
    /**
     * An HTTP proxy.
     *
     * @param authorization the value of {@code Proxy-Authorization}; empty for none
     */
    public record Proxy(String host, int port, String authorization) {
        /** Leaves the credentials out. */
        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    /** Whether requests name the whole address, for a proxy that forwards them one by one. */
    public boolean forwarded() {
        return proxy.isPresent() && tls.isEmpty();
    }

    String authority() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
