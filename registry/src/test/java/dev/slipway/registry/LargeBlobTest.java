package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory does not grow with blobs. */
class LargeBlobTest {
    @TempDir
    Path folder;

    @Test
    void passesThroughASmallHeap() throws Exception {
        roundTrip(300L << 20);
    }

    @Test
    @Tag("stress")
    void passesTenGibibytesThroughASmallHeap() throws Exception {
        roundTrip(10L << 30);
    }

    private void roundTrip(long size) throws Exception {
        MessageDigest hasher = Digest.hasher("sha256");
        byte[] zeros = new byte[1 << 20];
        for (long left = size; left > 0; left -= zeros.length) {
            hasher.update(zeros);
        }
        Digest digest = Digest.of("sha256", hasher.digest());
        try (ServerProcess server = ServerProcess.start(folder, "-Xmx64m", "-XX:MaxDirectMemorySize=32m");
                RawClient raw = new RawClient(server.address());
                HttpClient http = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()) {
            String location = raw.begin("large");
            HttpResponse<Void> pushed = http.send(
                    HttpRequest.newBuilder(server.address().resolve(RawClient.with(location, "digest=" + digest)))
                            .PUT(BodyPublishers.ofInputStream(() -> new Zeros(size)))
                            .build(),
                    BodyHandlers.discarding());
            assertThat(pushed.statusCode()).isEqualTo(201);
            URI blob = server.address().resolve("/v2/large/blobs/" + digest);
            HttpResponse<InputStream> pulled =
                    http.send(HttpRequest.newBuilder(blob).build(), BodyHandlers.ofInputStream());
            try (InputStream in = pulled.body()) {
                assertThat(in.skip(size)).isEqualTo(size);
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    /** So many zero bytes. */
    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long left) {
            this.left = left;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] buffer, int from, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            Arrays.fill(buffer, from, from + count, (byte) 0);
            left -= count;
            return count;
        }
    }
}
