package dev.slipway.bench.registry;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One kept-alive HTTP connection that does as little as a client can, so that servers are measured and not clients. */
final class HttpLine implements AutoCloseable {
    private static final int BUFFER = 1 << 18;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER];
    private String location = "";

    HttpLine(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(120_000);
        in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        out = socket.getOutputStream();
    }

    /** Sends a request and drops the answer's body. Returns the status. */
    int send(String method, String path, String contentType, byte[] body) throws IOException {
        String head = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + contentType
                + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        out.write(head.getBytes(StandardCharsets.ISO_8859_1));
        out.write(body);
        return receive();
    }

    int get(byte[] request) throws IOException {
        out.write(request);
        return receive();
    }

    static byte[] getRequest(String path) {
        return ("GET " + path
                        + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/vnd.oci.image.manifest.v1+json\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The Location of the last answer, as a path. */
    String location() {
        return location;
    }

    private int receive() throws IOException {
        int status = Integer.parseInt(line().substring(9, 12));
        long length = 0;
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            switch (line.substring(0, colon).toLowerCase(Locale.ROOT)) {
                case "content-length" ->
                    length = Long.parseLong(line.substring(colon + 1).strip());
                case "location" -> location = path(line.substring(colon + 1).strip());
                default -> {}
            }
        }
        while (length > 0) {
            int read = in.read(buffer, 0, (int) Math.min(BUFFER, length));
            if (read < 0) {
                throw new EOFException();
            }
            length -= read;
        }
        return status;
    }

    private static String path(String address) {
        int host = address.indexOf("//");
        return host < 0 ? address : address.substring(address.indexOf('/', host + 2));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
