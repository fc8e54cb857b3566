package dev.slipway.http.jetty;

import dev.slipway.base.ErrorKind;
import dev.slipway.http.HttpException;
import java.net.InetSocketAddress;
import java.util.Locale;

/** Says why a server could not listen. */
final class ListenFailures {
    private static final int HIGHEST_PORT = 65_535;

    private ListenFailures() {}

    static HttpException unresolved(InetSocketAddress address) {
        return new HttpException(
                "http.address-invalid",
                ErrorKind.INVALID,
                500,
                "Could not listen on " + address.getHostString() + ":" + address.getPort() + ": no such host is known.",
                "Use an address of this machine, such as 127.0.0.1.",
                null);
    }

    static HttpException explain(InetSocketAddress address, Exception failure) {
        String where = address.getHostString() + ":" + address.getPort();
        String reason = innermostMessage(failure);
        String lower = reason.toLowerCase(Locale.ROOT);
        if (lower.contains("already in use")) {
            return inUse(address.getPort(), where, failure);
        }
        if (lower.contains("cannot assign requested address")) {
            return new HttpException(
                    "http.address-invalid",
                    ErrorKind.INVALID,
                    500,
                    "Could not listen on " + where + ": this machine has no such address.",
                    "Use one of its own, such as 127.0.0.1.",
                    failure);
        }
        if (lower.contains("permission denied")) {
            return new HttpException(
                    "http.address-denied",
                    ErrorKind.DENIED,
                    500,
                    "Could not listen on " + where + ": this user may not use that port.",
                    "Use a port from 1024 on, such as 8080.",
                    failure);
        }
        return new HttpException(
                "http.listen-failed",
                ErrorKind.FAILURE,
                500,
                "Could not listen on " + where + ": " + reason + ".",
                "",
                failure);
    }

    private static HttpException inUse(int port, String where, Exception failure) {
        String owner =
                PortOwner.find(port).map(process -> process + " listens there").orElse("another program listens there");
        int other = port < HIGHEST_PORT ? port + 1 : port - 1;
        return new HttpException(
                "http.port-in-use",
                ErrorKind.CONFLICT,
                500,
                "Could not listen on " + where + ": " + owner + " already.",
                "Stop it, or use another port, such as " + other + "; port 0 takes any free one.",
                failure);
    }

    private static String innermostMessage(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.toString() : cause.getMessage();
    }
}
