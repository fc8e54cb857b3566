package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.oci.content.DiskContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Names, digests, ids, headers and bodies that nobody sends who means well. */
class HostileRequestsTest {
    private static final String[] METHODS = {"GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "X"};
    private static final String[] PIECES = {
        "v2",
        "a",
        "blobs",
        "uploads",
        "manifests",
        "tags",
        "list",
        "referrers",
        "_token",
        "..",
        ".",
        "",
        "%2e%2e",
        "%2f",
        "%00",
        "%zz",
        "sha256:",
        "sha512:" + "0".repeat(128),
        "sha256:" + "f".repeat(64),
        "A",
        "a__b",
        "a..b",
        "x".repeat(300),
        "é",
        "%c3%a9",
        "%ff",
        "latest",
        "-",
        "0".repeat(32) + "-" + "0".repeat(16),
        "a:b",
        "a@b",
        "*",
        "..%2f..%2f..%2fetc%2fpasswd",
        "registry",
        "hidden",
        "localhost",
        "docker.io"
    };
    private static final String[] PARAMETERS = {
        "digest=sha256:" + "e".repeat(64),
        "digest=",
        "digest=../../x",
        "mount=sha256:1",
        "from=../x",
        "n=-1",
        "n=1e9",
        "n=99999999999",
        "last=%00",
        "last=..",
        "artifactType=%0d%0aX:1",
        "ns=..%2f",
        "ns=docker.io",
        "tag=-",
        "tag=a",
        "digest-algorithm=md5",
        "%=%",
        "&&&",
        "digest=%zz"
    };
    private static final String[] HEADERS = {
        "Range: bytes=0-99999999999999999999",
        "Range: bytes=-",
        "Range: bytes=5-1",
        "Content-Range: 0-18446744073709551615",
        "Content-Range: 5-3",
        "Content-Range: bytes */*",
        "Content-Type: ",
        "Content-Type: " + "x".repeat(3000),
        "Content-Type: " + RawClient.MANIFEST,
        "Authorization: Basic ====",
        "Authorization: Bearer " + "a.".repeat(500),
        "X-Request-Id: ${jndi}",
        "Expect: 100-continue",
        "Transfer-Encoding: identity",
        "Host: evil\"quote"
    };
    private static final String[] BODIES = {
        "",
        "{}",
        "{",
        "[".repeat(5000),
        "{\"schemaVersion\":2,\"config\":{},\"layers\":[{}]}",
        "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"../../x\"}]}",
        "{\"a\":" + "9".repeat(2000) + "}",
        "\0\0\0"
    };

    @TempDir
    Path folder;

    @Test
    void doNoHarm() throws Exception {
        fuzz(20_261_120L, 1500);
    }

    @Test
    @Tag("stress")
    void doNoHarmForLong() throws Exception {
        fuzz(System.nanoTime(), 300_000);
    }

    private void fuzz(long seed, int rounds) throws Exception {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Path content = Files.createDirectories(folder.resolve("outside/content"));
        Files.writeString(folder.resolve("outside/secret"), "nobody may read or change this");
        try (EphemeralRegistry registry = EphemeralRegistry.start(DiskContentStore.open(content));
                RawClient client = new RawClient(registry.address())) {
            Set<Integer> seen = new TreeSet<>();
            for (int round = 0; round < rounds; round++) {
                String request = request(random);
                int status = send(registry, request);
                seen.add(status);
                assertThat(status).as(request).isLessThan(500);
            }
            byte[] blob = {1};
            client.pushBlob("still/works", Digest.sha256(blob), blob);
            assertThat(client.get("/v2/still/works/blobs/" + Digest.sha256(blob))
                            .body())
                    .isEqualTo(blob);
            assertThat(seen).contains(400, 404, 405);
        }
        try (Stream<Path> outside = Files.list(folder.resolve("outside"))) {
            assertThat(outside.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("content", "secret");
        }
        assertThat(folder.resolve("outside/secret")).hasContent("nobody may read or change this");
    }

    private static String request(Random random) {
        StringBuilder path = new StringBuilder(random.nextInt(8) == 0 ? "/" : "/v2/");
        for (int pieces = random.nextInt(7); pieces >= 0; pieces--) {
            path.append(pick(random, PIECES)).append(pieces > 0 ? "/" : "");
        }
        for (int parameters = random.nextInt(3); parameters > 0; parameters--) {
            path.append(path.indexOf("?") < 0 ? '?' : '&').append(pick(random, PARAMETERS));
        }
        String body = random.nextInt(3) == 0 ? pick(random, BODIES) : "";
        StringBuilder request = new StringBuilder(pick(random, METHODS))
                .append(' ')
                .append(path)
                .append(" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
        for (int headers = random.nextInt(3); headers > 0; headers--) {
            request.append(pick(random, HEADERS)).append("\r\n");
        }
        return request.append("Content-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }

    private static int send(EphemeralRegistry registry, String request) throws IOException {
        try (Socket socket =
                new Socket(registry.address().getHost(), registry.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            InputStream in = socket.getInputStream();
            // Such as "HTTP/1.1 404".
            String line = new String(in.readNBytes(12), StandardCharsets.ISO_8859_1);
            assertThat(line).as(request).startsWith("HTTP/1.1 ");
            return Integer.parseInt(line.substring(9));
        }
    }
}
