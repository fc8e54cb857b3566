package dev.slipway.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/1.1 as it goes over the line, with servers that keep to it and servers that do not. */
@Timeout(30)
class WireTest {
    private static final Cancellation NEVER = Cancellation.never();
    private static final ByteSize LIMIT = ByteSize.ofMebibytes(16);

    @TempDir
    Path folder;

    private final Fetcher fetcher = Fetcher.create(
            FetchOptions.defaults().withStall(Duration.ofMillis(500)).withAnswer(Duration.ofSeconds(2)));

    @AfterEach
    void stop() {
        fetcher.close();
    }

    private String text(FetchRequest request) {
        try (FetchResponse response = fetcher.send(request, NEVER)) {
            return response.status() + " " + new String(response.readAll(LIMIT), StandardCharsets.ISO_8859_1);
        }
    }

    private static boolean echo(String head, InputStream in, OutputStream out) throws IOException {
        int length = head.contains("Content-Length: ")
                ? Integer.parseInt(head.replaceAll("(?s).*Content-Length: ([0-9]+).*", "$1"))
                : 0;
        byte[] body = in.readNBytes(length);
        WireServer.ok(out, head.split(" ")[0] + " " + body.length + " " + Arrays.hashCode(body));
        return true;
    }

    @Test
    void sendsBodiesSmallAndLargeWithEveryMethodOverOneConnection() throws IOException {
        byte[] large = new byte[3 << 20];
        Arrays.fill(large, (byte) 7);
        try (WireServer server = new WireServer(WireTest::echo)) {
            assertThat(text(FetchRequest.post(server.at("/"), FetchBody.of("abc"))))
                    .startsWith("200 POST 3 ");
            assertThat(text(FetchRequest.put(server.at("/"), FetchBody.of(large))))
                    .isEqualTo("200 PUT " + large.length + " " + Arrays.hashCode(large));
            assertThat(text(FetchRequest.patch(server.at("/"), FetchBody.NONE))).startsWith("200 PATCH 0 ");
            assertThat(text(FetchRequest.delete(server.at("/")))).startsWith("200 DELETE 0 ");
            assertThat(text(FetchRequest.get(server.at("/a?b=c%20d")))).startsWith("200 GET 0 ");

            assertThat(server.heads.getLast()).startsWith("GET /a?b=c%20d HTTP/1.1\r\n");
            assertThat(server.heads.get(2)).contains("Content-Length: 0");
            assertThat(server.heads.get(3)).doesNotContain("Content-Length");
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void sendsABodyOfUnknownLengthInChunks() throws IOException {
        StringBuilder came = new StringBuilder();
        try (WireServer server = new WireServer((head, in, out) -> {
            while (came.indexOf("\r\n0\r\n\r\n") < 0) {
                came.append((char) in.read());
            }
            WireServer.ok(out, "");
            return true;
        })) {
            FetchBody body =
                    new FetchBody(FetchBody.UNKNOWN, FetchBody.of("0123456789").content());

            assertThat(text(FetchRequest.put(server.at("/"), body))).isEqualTo("200 ");

            assertThat(server.heads.getFirst())
                    .contains("Transfer-Encoding: chunked")
                    .doesNotContain("Content-Length");
            assertThat(came).hasToString("a\r\n0123456789\r\n0\r\n\r\n");
        }
    }

    @Test
    void hearsAnAnswerThatComesBeforeAllIsSent() throws IOException {
        try (WireServer server = new WireServer((head, in, out) -> {
            WireServer.say(out, "HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");
            in.readNBytes(1 << 20);
            return false;
        })) {
            FetchBody endless = new FetchBody(1L << 40, () -> new InputStream() {
                @Override
                public int read() {
                    return 0;
                }

                @Override
                public int read(byte[] buffer, int from, int length) {
                    return length;
                }
            });

            assertThat(text(FetchRequest.put(server.at("/"), endless))).isEqualTo("413 no");
        }
    }

    @Test
    void givesUpWhenNothingMoreIsTaken() throws IOException {
        CountDownLatch ends = new CountDownLatch(1);
        try (WireServer server = new WireServer((head, in, out) -> {
            await(ends);
            return false;
        })) {
            FetchBody large = FetchBody.of(new byte[64 << 20]);
            assertThatThrownBy(() -> text(FetchRequest.put(server.at("/"), large)))
                    .hasMessageContaining("nothing moved for 500 ms")
                    .matches(error -> ((CodedException) error).retryable());
        } finally {
            ends.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void replacesAConnectionThatTheServerHasClosedMeanwhile() throws IOException {
        AtomicInteger asked = new AtomicInteger();
        try (WireServer server = new WireServer((head, in, out) -> {
            WireServer.ok(out, "n" + asked.incrementAndGet());
            // Says that it goes on, and does not.
            return false;
        })) {
            for (int i = 1; i <= 20; i++) {
                assertThat(text(FetchRequest.get(server.at("/")))).isEqualTo("200 n" + i);
            }
        }
    }

    @Test
    void keepsNoConnectionThatIsToBeClosed() throws IOException {
        try (WireServer server = new WireServer((head, in, out) -> {
            WireServer.say(out, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
            return true;
        })) {
            text(FetchRequest.get(server.at("/")));
            text(FetchRequest.get(server.at("/")));
            assertThat(server.connections).hasValue(2);
        }
    }

    @Test
    void readsBodiesInEveryFraming() throws IOException {
        try (WireServer server = new WireServer((head, in, out) -> {
            switch (head.split(" ")[1]) {
                case "/chunks" ->
                    WireServer.say(
                            out,
                            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nA: b\r\n\r\n");
                case "/interim" -> {
                    WireServer.say(out, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n");
                    WireServer.ok(out, "final");
                }
                case "/none" -> WireServer.say(out, "HTTP/1.1 204 No Content\r\n\r\n");
                default -> {
                    WireServer.say(out, "HTTP/1.0 200 OK\r\n\r\nuntil the end");
                    return false;
                }
            }
            return true;
        })) {
            assertThat(text(FetchRequest.get(server.at("/chunks")))).isEqualTo("200 abcde");
            assertThat(text(FetchRequest.get(server.at("/interim")))).isEqualTo("200 final");
            assertThat(text(FetchRequest.get(server.at("/none")))).isEqualTo("204 ");
            assertThat(text(FetchRequest.get(server.at("/close")))).isEqualTo("200 until the end");
            assertThat(server.connections).hasValue(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH\r\n",
                "HTTP/1.1 99 No\r\n\r\n",
                "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
                "HTTP/1.1 200 OK\r\nBad Name: x\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
                "",
            })
    void failsOnWhatIsNoProperAnswer(String answer) throws IOException {
        try (WireServer server = new WireServer((head, in, out) -> {
            WireServer.say(out, answer);
            return false;
        })) {
            assertThatThrownBy(() -> text(FetchRequest.get(server.at("/"))))
                    .isInstanceOf(FetchException.class)
                    .hasMessageStartingWith("Fetching http://127.0.0.1:");
        }
    }

    @Test
    void readsNoEndlessHead() throws IOException {
        try (WireServer server = new WireServer((head, in, out) -> {
            WireServer.say(out, "HTTP/1.1 200 OK\r\n");
            while (true) {
                WireServer.say(out, "X: " + "y".repeat(1000) + "\r\n");
            }
        })) {
            assertThatThrownBy(() -> text(FetchRequest.get(server.at("/"))))
                    .hasMessageContaining("headers are too long");
        }
    }

    @Test
    void waitsNotForEverForAHeadThatTrickles() throws IOException {
        try (WireServer server = new WireServer((head, in, out) -> {
            WireServer.say(out, "HTTP/1.1 200 OK\r\n");
            while (true) {
                WireServer.say(out, "X: y\r\n");
                LockSupport.parkNanos(100_000_000);
            }
        })) {
            assertThatThrownBy(() -> text(FetchRequest.get(server.at("/"))))
                    .hasMessageContaining("no answer within 2000 ms");
        }
    }

    @Test
    void turnsAPostIntoAGetOnlyWhereThatIsMeant() throws IOException {
        try (WireServer server = new WireServer((head, in, out) -> {
            String path = head.split(" ")[1];
            if (path.equals("/end")) {
                return echo(head, in, out);
            }
            in.readNBytes(2);
            WireServer.say(out, "HTTP/1.1 " + path.substring(1) + " Go\r\nLocation: /end\r\nContent-Length: 0\r\n\r\n");
            return true;
        })) {
            assertThat(text(FetchRequest.post(server.at("/303"), FetchBody.of("ab"))))
                    .startsWith("200 GET 0");
            assertThat(text(FetchRequest.post(server.at("/307"), FetchBody.of("ab"))))
                    .startsWith("200 POST 2");
            assertThat(text(FetchRequest.put(server.at("/302"), FetchBody.of("ab"))))
                    .startsWith("200 PUT 2");
        }
    }

    @Test
    void letsNoHeaderSmuggleAnother() {
        assertThatThrownBy(() -> FetchRequest.get(URI.create("http://a.example/"))
                        .withHeader("Authorization", "Bearer hunter2\r\nX: y"))
                .hasMessageContaining("'Authorization' is malformed")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void repeatsNoCredentialThatTheServerRepeats() throws IOException {
        try (WireServer server = new WireServer((head, in, out) -> {
            String body = "you said " + head.replaceAll("(?s).*Authorization: ([^\r]*).*", "$1");
            WireServer.say(out, "HTTP/1.1 403 No\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            return true;
        })) {
            FetchRequest request = FetchRequest.get(server.at("/")).withHeader("Authorization", "Bearer hunter2");
            try (FetchResponse response = fetcher.send(request, NEVER)) {
                assertThat(response.failure()).hasMessageContaining("you said").hasMessageNotContaining("hunter2");
            }
            assertThat(request).asString().doesNotContain("hunter2");
        }
    }

    @Test
    void saysWhenAServerSpeaksNoTlsOrACertificateIsNoUse() throws IOException {
        try (WireServer server = new WireServer(WireTest::echo)) {
            URI secure = URI.create(server.at("/").toString().replace("http:", "https:"));
            assertThatThrownBy(() -> text(FetchRequest.get(secure))).isInstanceOf(FetchException.class);

            Path broken = Files.writeString(folder.resolve("ca.crt"), "no certificate");
            try (Fetcher other =
                    Fetcher.create(FetchOptions.defaults(), _ -> TlsSettings.DEFAULT.withAuthority(broken))) {
                assertThatThrownBy(() -> other.send(FetchRequest.get(secure), NEVER))
                        .hasMessageContaining("ca.crt holds no certificate");
            }
        }
    }
}
