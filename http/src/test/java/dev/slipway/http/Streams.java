package dev.slipway.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;

/** Bodies too large to hold. */
final class Streams {
    private Streams() {}

    /** Posts {@code size} zero bytes in chunks and returns how many bytes came back. */
    static long postZeros(TestClient client, String path, long size) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) client.root().resolve(path).toURL().openConnection();
        connection.setDoOutput(true);
        connection.setChunkedStreamingMode(1 << 16);
        byte[] piece = new byte[1 << 16];
        try (OutputStream out = connection.getOutputStream()) {
            for (long sent = 0; sent < size; sent += piece.length) {
                out.write(piece);
            }
        }
        long received = 0;
        try (InputStream in = connection.getInputStream()) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                received += read;
            }
        }
        return received;
    }
}
