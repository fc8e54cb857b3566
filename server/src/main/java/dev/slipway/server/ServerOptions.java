package dev.slipway.server;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a server is set up.
 *
 * @param home its folder, made when missing
 * @param address where the API listens; port 0 takes any free one
 * @param distribution what was shipped with it; empty for nothing
 * @param heartbeat how long a streamed answer may stay silent before a comment is sent
 * @param drain how long a stop waits for running requests
 */
public record ServerOptions(
        Path home, InetSocketAddress address, Optional<Distribution> distribution, Duration heartbeat, Duration drain) {
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration DRAIN = Duration.ofSeconds(10);

    /** The usual times, and the distribution that this process was started from. */
    public static ServerOptions of(Path home, InetSocketAddress address) {
        return new ServerOptions(home, address, Distribution.current(), HEARTBEAT, DRAIN);
    }
}
