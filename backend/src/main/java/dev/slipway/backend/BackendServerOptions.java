package dev.slipway.backend;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * How the backend listens.
 *
 * @param address where; port 0 takes any free one
 * @param token what callers must present as a bearer token; empty lets everyone in
 * @param drain how long running calls may go on after {@link BackendServer#close}
 */
public record BackendServerOptions(InetSocketAddress address, String token, Duration drain) {
    /** For a backend that a host started on this machine: no token, a short drain. */
    public static BackendServerOptions at(InetSocketAddress address) {
        return new BackendServerOptions(address, "", Duration.ofSeconds(3));
    }

    public BackendServerOptions withToken(String newToken) {
        return new BackendServerOptions(address, newToken, drain);
    }

    public BackendServerOptions withDrain(Duration newDrain) {
        return new BackendServerOptions(address, token, newDrain);
    }
}
