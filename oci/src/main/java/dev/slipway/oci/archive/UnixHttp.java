package dev.slipway.oci.archive;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Requests over a Unix domain socket, as much of HTTP/1.1 as that takes: one connection for each, which the answer ends.
 *
 * @param patience how long the other end may stay silent
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9112">RFC 9112</a>
 */
record UnixHttp(Path socket, Duration patience) {
    private static final int BUFFER = 1 << 16;

    UnixAnswer get(String target, Cancellation cancellation) {
        return send("GET " + target, "", InputStream.nullInputStream(), cancellation);
    }

    /** Sends a body of the given length. */
    UnixAnswer post(String target, String contentType, long length, InputStream body, Cancellation cancellation) {
        String fields = "Content-Type: " + contentType + "\r\nContent-Length: " + length + "\r\n";
        return send("POST " + target, fields, body, cancellation);
    }

    private UnixAnswer send(String request, String fields, InputStream body, Cancellation cancellation) {
        SocketChannel channel = connect();
        SilenceWatch watch = new SilenceWatch(channel, patience, cancellation);
        boolean answered = false;
        try {
            Connection connection = new Connection(channel, watch, this, cancellation);
            String head = request + " HTTP/1.1\r\nHost: docker\r\nConnection: close\r\nUser-Agent: slipway\r\n" + fields
                    + "\r\n";
            UnixAnswer answer = exchange(connection, head, body);
            answered = true;
            return answer;
        } catch (IOException e) {
            throw failure(watch, cancellation, e);
        } finally {
            if (!answered) {
                watch.close();
            }
        }
    }

    private UnixAnswer exchange(Connection connection, String head, InputStream body) throws IOException {
        InputStream in = new BufferedInputStream(connection, BUFFER);
        try {
            connection.write(head.getBytes(StandardCharsets.ISO_8859_1));
            byte[] buffer = new byte[BUFFER];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                connection.write(ByteBuffer.wrap(buffer, 0, read));
            }
        } catch (IOException e) {
            return answerInSpiteOf(e, in, connection);
        }
        return UnixAnswer.read(in, connection.watch, this);
    }

    /** Who does not want the whole request may have said why before hanging up. */
    private UnixAnswer answerInSpiteOf(IOException failure, InputStream in, Connection connection) throws IOException {
        try {
            return UnixAnswer.read(in, connection.watch, this);
        } catch (IOException | OciException _) {
            throw failure;
        }
    }

    private SocketChannel connect() {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            String reason = String.valueOf(e.getMessage());
            boolean denied = reason.contains("Permission denied");
            throw new OciException(
                    "oci.daemon-unreachable",
                    denied ? ErrorKind.DENIED : ErrorKind.UNREACHABLE,
                    "Connecting to the Docker daemon at " + socket + " failed: " + reason + ".",
                    denied ? "Ask for access to the socket, or set DOCKER_HOST." : "Start it, or set DOCKER_HOST.",
                    e);
        }
    }

    OciException failure(SilenceWatch watch, Cancellation cancellation, IOException cause) {
        cancellation.throwIfCancelled();
        String why = watch.silent()
                ? "it has been silent for " + patience.toSeconds() + " s"
                : "the connection broke (" + cause.getMessage() + ")";
        return new OciException(
                "oci.daemon-unreachable",
                ErrorKind.UNREACHABLE,
                "Talking to the Docker daemon at " + socket + " failed: " + why + ".",
                "",
                cause);
    }

    OciException malformed(String why) {
        return OciException.corrupt(
                "oci.daemon-answer", "Talking to the Docker daemon at " + socket + " failed: " + why + ".");
    }

    /** Both directions of a connection, watched. */
    private static final class Connection extends InputStream {
        private final SocketChannel channel;
        private final SilenceWatch watch;
        private final UnixHttp http;
        private final Cancellation cancellation;

        Connection(SocketChannel channel, SilenceWatch watch, UnixHttp http, Cancellation cancellation) {
            this.channel = channel;
            this.watch = watch;
            this.http = http;
            this.cancellation = cancellation;
        }

        void write(byte[] bytes) throws IOException {
            write(ByteBuffer.wrap(bytes));
        }

        void write(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
                watch.heard();
            }
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int from, int length) {
            try {
                int read = channel.read(ByteBuffer.wrap(buffer, from, length));
                watch.heard();
                return read;
            } catch (IOException e) {
                throw http.failure(watch, cancellation, e);
            }
        }
    }
}
