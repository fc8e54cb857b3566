package dev.slipway.runtime.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/** TCP ports of the loopback address. */
public final class LoopbackPort {
    private LoopbackPort() {}

    /** Where backends listen. */
    public static InetSocketAddress address(int port) {
        try {
            return new InetSocketAddress(InetAddress.getByAddress("127.0.0.1", new byte[] {127, 0, 0, 1}), port);
        } catch (IOException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    /** A port that was free a moment ago; another program may take it before the backend does. */
    public static int free() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address(0), 1);
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether somebody listens there. */
    public static boolean listening(InetSocketAddress address, Duration patience) {
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) Math.max(1, patience.toMillis()));
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
