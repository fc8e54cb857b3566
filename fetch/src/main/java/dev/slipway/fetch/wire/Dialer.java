package dev.slipway.fetch.wire;

import dev.slipway.base.Cancellation;
import dev.slipway.fetch.TlsSettings;
import dev.slipway.fetch.tls.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Opens connections: to the host or to its proxy, through the proxy, and then over TLS where that is asked for. */
final class Dialer {
    /**
     * On this machine a large buffer gains nothing, and what lies in it when this process is killed has been sent in vain. For
     * other machines the system finds the right size.
     */
    private static final int LOCAL_BUFFER = 1 << 18;

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Duration patience;
    private final TlsContexts tls = new TlsContexts();

    Dialer(Duration patience) {
        this.patience = patience;
    }

    /** Connects within the time allowed in all. */
    Connection dial(Route route, Cancellation cancellation) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        String host = route.proxy().map(Route.Proxy::host).orElse(route.host());
        int port = route.proxy().map(Route.Proxy::port).orElse(route.port());
        InetAddress[] addresses = Lookup.of(host).await(left(deadline), cancellation);
        IOException failure = null;
        for (int i = 0; i < addresses.length; i++) {
            cancellation.throwIfCancelled();
            // Each address gets its share of the time, so that a dead one does not use it all up.
            Duration share = left(deadline).dividedBy(addresses.length - i);
            Socket socket = new Socket();
            try (var _ = cancellation.onCancel(() -> closeQuietly(socket))) {
                socket.setTcpNoDelay(true);
                if (addresses[i].isLoopbackAddress()) {
                    socket.setReceiveBufferSize(LOCAL_BUFFER);
                }
                socket.connect(new InetSocketAddress(addresses[i], port), millis(share));
                return prepare(route, socket, deadline);
            } catch (IOException e) {
                closeQuietly(socket);
                cancellation.throwIfCancelled();
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        throw failure == null ? new IOException("the host has no address") : failure;
    }

    private Connection prepare(Route route, Socket socket, long deadline) throws IOException {
        socket.setSoTimeout(millis(left(deadline)));
        if (route.tls().isEmpty()) {
            return new Connection(route, socket, socket);
        }
        if (route.proxy().isPresent()) {
            tunnel(route, route.proxy().get(), new Connection(route, socket, socket));
        }
        TlsSettings settings = route.tls().get();
        SSLSocket secure = (SSLSocket) tls.factory(settings).createSocket(socket, route.host(), route.port(), true);
        if (settings.verified()) {
            SSLParameters parameters = secure.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secure.setSSLParameters(parameters);
        }
        secure.setSoTimeout(millis(left(deadline)));
        secure.startHandshake();
        return new Connection(route, socket, secure);
    }

    private static void tunnel(Route route, Route.Proxy proxy, Connection connection) throws IOException {
        String authorization =
                proxy.authorization().isEmpty() ? "" : "Proxy-Authorization: " + proxy.authorization() + "\r\n";
        connection.write("CONNECT " + route.authority() + " HTTP/1.1\r\nHost: " + route.authority() + "\r\n"
                + authorization + "\r\n");
        connection.flush();
        ResponseHead head = ResponseHead.read(connection);
        if (head.status() / 100 != 2) {
            throw new IOException("the proxy " + proxy + " answered " + head.status());
        }
    }

    private Duration left(long deadline) throws SocketTimeoutException {
        Duration left = Duration.ofNanos(deadline - System.nanoTime());
        if (left.compareTo(SHORTEST) < 0) {
            throw new SocketTimeoutException("no connection within " + patience.toMillis() + " ms");
        }
        return left;
    }

    private static int millis(Duration duration) {
        return Math.clamp(duration.toMillis(), 1, Integer.MAX_VALUE);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // It was never of use.
        }
    }
}
