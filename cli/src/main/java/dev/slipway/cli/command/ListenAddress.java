package dev.slipway.cli.command;

import dev.slipway.cli.CliException;
import java.net.InetSocketAddress;

/** {@code HOST:PORT}, {@code HOST} or {@code :PORT}; IPv6 hosts in brackets. */
final class ListenAddress {
    static final int DEFAULT_PORT = 8080;

    private static final String DEFAULT_HOST = "127.0.0.1";
    private static final int HIGHEST_PORT = 65_535;

    private ListenAddress() {}

    /**
     * Reads the two options.
     *
     * @param address empty for the default
     * @param port negative for the default; it wins over the address's own
     */
    static InetSocketAddress of(String address, int port) {
        String host = address;
        int own = DEFAULT_PORT;
        int colon = address.lastIndexOf(':');
        boolean bare = address.indexOf(':') != colon && !address.endsWith("]") && !address.contains("]:");
        if (colon > address.lastIndexOf(']') && !bare) {
            host = address.substring(0, colon);
            own = number(address, address.substring(colon + 1));
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        int chosen = port < 0 ? own : port;
        if (chosen > HIGHEST_PORT) {
            throw invalid(address.isEmpty() ? "" + port : address, "a port is a number from 0 to " + HIGHEST_PORT);
        }
        return new InetSocketAddress(host.isEmpty() ? DEFAULT_HOST : host, chosen);
    }

    private static int number(String address, String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw invalid(address, "'" + text + "' is not a port");
        }
        return Integer.parseInt(text);
    }

    private static CliException invalid(String address, String why) {
        return CliException.usage(
                "Could not listen on '" + address + "': " + why + ".", "Use --addr HOST:PORT, such as 127.0.0.1:8080.");
    }
}
