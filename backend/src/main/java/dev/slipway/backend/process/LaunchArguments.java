package dev.slipway.backend.process;

import dev.slipway.backend.BackendException;
import dev.slipway.base.ErrorKind;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;

/** The command line: {@code --addr host:port}, as two arguments or as one with {@code =}. */
public final class LaunchArguments {
    /** How to call the backend. */
    public static final String USAGE = "Usage: run.sh --addr HOST:PORT (or --addr=HOST:PORT)";

    private static final String ADDRESS = "--addr";
    private static final int LARGEST_PORT = 65_535;

    private LaunchArguments() {}

    /** Whether help is all that was asked for. */
    public static boolean wantsHelp(List<String> arguments) {
        return arguments.contains("--help") || arguments.contains("-h");
    }

    /**
     * Finds the address to listen on.
     *
     * @throws BackendException {@code backend.usage} when it is missing, malformed, or something else is given
     */
    public static InetSocketAddress address(List<String> arguments) {
        Optional<String> address = Optional.empty();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            String value;
            if (argument.equals(ADDRESS)) {
                if (++i == arguments.size()) {
                    throw usage("--addr has no value.");
                }
                value = arguments.get(i);
            } else if (argument.startsWith(ADDRESS + "=")) {
                value = argument.substring(ADDRESS.length() + 1);
            } else {
                throw usage("The argument '" + argument + "' is unknown.");
            }
            if (address.isPresent()) {
                throw usage("--addr is given twice.");
            }
            address = Optional.of(value);
        }
        return parse(address.orElseThrow(() -> usage("--addr is missing.")));
    }

    private static InetSocketAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.isEmpty()) {
            throw usage("The address '" + text + "' is not HOST:PORT.");
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (port < 0 || port > LARGEST_PORT) {
                throw usage("The port " + port + " is not between 0 and " + LARGEST_PORT + ".");
            }
            return new InetSocketAddress(InetAddress.getByName(host), port);
        } catch (NumberFormatException e) {
            throw usage("The address '" + text + "' has no port number.");
        } catch (UnknownHostException e) {
            throw usage("The host '" + host + "' is unknown.");
        }
    }

    private static BackendException usage(String problem) {
        return new BackendException("backend.usage", ErrorKind.INVALID, problem, USAGE, null);
    }
}
