package dev.slipway.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.Retry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class FetcherTest {
    private final Fetcher fetcher = Fetcher.create(
            FetchOptions.defaults().withStall(Duration.ofMillis(200)).withAnswer(Duration.ofSeconds(1)));
    private final CountDownLatch testEnds = new CountDownLatch(1);
    private HttpServer server;
    private HttpServer other;

    @BeforeEach
    void start() throws IOException {
        server = server();
        other = server();
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
        return server;
    }

    @AfterEach
    void stop() {
        testEnds.countDown();
        fetcher.close();
        server.stop(0);
        other.stop(0);
    }

    @Test
    void readsABodyAndGoesOnInTheMiddle() {
        server.createContext("/blob", exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            if (range == null) {
                answer(exchange, 200, "0123456789");
            } else {
                exchange.getResponseHeaders().add("Content-Range", "bytes 4-9/10");
                answer(exchange, 206, "456789");
            }
        });

        try (FetchResponse whole = send(FetchRequest.get(at(server, "/blob")));
                FetchResponse rest = send(FetchRequest.get(at(server, "/blob")).from(4))) {
            assertThat(text(whole)).isEqualTo("0123456789");
            assertThat(whole.offset()).isZero();
            assertThat(rest.offset()).isEqualTo(4);
            assertThat(text(rest)).isEqualTo("456789");
        }
    }

    @Test
    void keepsCredentialsWithinOneOriginAndTheRangeThroughRedirects() {
        List<String> seen = Collections.synchronizedList(new ArrayList<>());
        HttpHandler record = exchange -> {
            seen.add(exchange.getRequestHeaders().getFirst("Authorization") + " "
                    + exchange.getRequestHeaders().getFirst("Range"));
            answer(exchange, 200, "");
        };
        server.createContext("/same", record);
        other.createContext("/there", record);
        server.createContext("/a", exchange -> redirect(exchange, "same"));
        server.createContext(
                "/b", exchange -> redirect(exchange, at(other, "/there").toString()));

        for (String path : List.of("/a", "/b")) {
            FetchRequest request = FetchRequest.get(at(server, path))
                    .withHeader("authorization", "Bearer secret")
                    .from(3);
            send(request).close();
        }

        assertThat(seen).containsExactly("Bearer secret bytes=3-", "null bytes=3-");
    }

    @Test
    void refusesRedirectsThatLeadNowhereGood() {
        server.createContext("/loop", exchange -> redirect(exchange, "/loop"));
        server.createContext("/file", exchange -> redirect(exchange, "file:///etc/passwd"));
        server.createContext("/none", exchange -> answer(exchange, 302, ""));

        for (String path : List.of("/loop", "/file", "/none")) {
            assertThatThrownBy(() -> send(FetchRequest.get(at(server, path))))
                    .isInstanceOf(FetchException.class)
                    .extracting(error -> ((FetchException) error).code())
                    .isEqualTo("fetch.bad-redirect");
        }
        assertThatThrownBy(() -> FetchRequest.get(URI.create("file:///etc/passwd")))
                .hasMessageContaining("only http and https");
    }

    @Test
    void endsASilentBodyAsStalled() {
        server.createContext("/slow", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().write(1);
            exchange.getResponseBody().flush();
            await(testEnds);
        });

        try (FetchResponse response = send(FetchRequest.get(at(server, "/slow")))) {
            assertThatThrownBy(() -> text(response))
                    .isInstanceOf(FetchException.class)
                    .hasMessageContaining("nothing moved for 200 ms");
        }
    }

    @Test
    void givesUpWhenNoAnswerBegins() {
        server.createContext("/never", exchange -> await(testEnds));

        FetchException error =
                catchThrowableOfType(FetchException.class, () -> send(FetchRequest.get(at(server, "/never"))));

        assertThat(error).hasMessageContaining("no answer within 1000 ms");
        assertThat(error.retryable()).isTrue();
    }

    @Test
    void tellsATruncatedBodyFromACompleteOne() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var connection = socket.accept()) {
                    connection.getInputStream().read(new byte[4096]);
                    connection
                            .getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            URI uri = URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/?signature=secret");

            try (FetchResponse response = send(FetchRequest.get(uri))) {
                assertThatThrownBy(() -> text(response))
                        .isInstanceOf(FetchException.class)
                        .hasMessageContaining("the connection broke")
                        .hasMessageNotContaining("secret")
                        .matches(error -> ((CodedException) error).retryable());
            }
        }
    }

    @Test
    void stopsAtOnceWhenCancelledInsideABodyOrBeforeTheAnswer() {
        CountDownLatch asked = new CountDownLatch(2);
        server.createContext("/body", exchange -> {
            exchange.sendResponseHeaders(200, 10);
            exchange.getResponseBody().flush();
            asked.countDown();
            await(testEnds);
        });
        server.createContext("/head", exchange -> {
            asked.countDown();
            await(testEnds);
        });
        try (Fetcher patient = Fetcher.create(FetchOptions.defaults())) {
            Cancellation cancellation = new Cancellation();
            Thread.ofVirtual().start(() -> {
                await(asked);
                cancellation.cancel();
            });
            try (FetchResponse response = patient.send(FetchRequest.get(at(server, "/body")), cancellation)) {
                assertThatThrownBy(() -> patient.send(FetchRequest.get(at(server, "/head")), cancellation))
                        .hasMessage("Cancelled.");
                assertThatThrownBy(() -> text(response)).hasMessage("Cancelled.");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "401, DENIED, false",
        "404, NOT_FOUND, false",
        "400, FAILURE, false",
        "429, UNREACHABLE, true",
        "503, UNREACHABLE, true",
        "501, FAILURE, false",
    })
    void saysWhatAStatusMeans(int status, ErrorKind kind, boolean retryable) {
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "7");
            answer(exchange, status, "because\nof \u0007 this");
        });

        try (FetchResponse response = send(FetchRequest.get(at(server, "/x?token=secret")))) {
            FetchException error = response.failure();
            assertThat(error.kind()).isEqualTo(kind);
            assertThat(error.retryable()).isEqualTo(retryable);
            assertThat(error.status()).hasValue(status);
            assertThat(error.retryAfter()).contains(Duration.ofSeconds(7));
            assertThat(error).hasMessageContaining("(because of this)").hasMessageNotContaining("secret");
        }
    }

    @Test
    void waitsAsLongAsTheServerAsksBeforeItTriesAgain() {
        AtomicInteger calls = new AtomicInteger();
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "1");
            answer(exchange, calls.incrementAndGet() == 1 ? 429 : 200, "");
        });
        long start = System.nanoTime();

        Fetcher.retry(new Retry(2, Duration.ofMillis(1), Duration.ofMillis(1)), Cancellation.never(), () -> {
            try (FetchResponse response = send(FetchRequest.get(at(server, "/")))) {
                if (response.status() != 200) {
                    throw response.failure();
                }
                return response.status();
            }
        });

        assertThat(calls).hasValue(2);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(950));
    }

    @Test
    void doesNotWaitWhenItWillNotTryAgain() {
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().add("Retry-After", "20");
            answer(exchange, 429, "");
        });
        long start = System.nanoTime();

        assertThatThrownBy(() -> Fetcher.retry(
                        new Retry(1, Duration.ofMillis(1), Duration.ofMillis(1)), Cancellation.never(), () -> {
                            try (FetchResponse response = send(FetchRequest.get(at(server, "/")))) {
                                throw response.failure();
                            }
                        }))
                .hasMessageContaining("answered 429");

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void limitsWhatItReadsWhole() {
        server.createContext("/", exchange -> answer(exchange, 200, "0123456789"));

        try (FetchResponse response = send(FetchRequest.get(at(server, "/")))) {
            assertThatThrownBy(() -> response.readAll(new ByteSize(9))).hasMessageContaining("longer than 9 B");
        }
    }

    @Test
    void saysThatNobodyListens() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThatThrownBy(() -> send(FetchRequest.get(URI.create("http://127.0.0.1:" + port + "/x"))))
                .hasMessage("Fetching http://127.0.0.1:" + port + "/x failed: the connection was refused.");
    }

    private FetchResponse send(FetchRequest request) {
        return fetcher.send(request, Cancellation.never());
    }

    private static String text(FetchResponse response) {
        return new String(response.readAll(ByteSize.ofMebibytes(1)), StandardCharsets.UTF_8);
    }

    private static URI at(HttpServer server, String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        answer(exchange, 307, "");
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        try (var out = exchange.getResponseBody()) {
            out.write(bytes);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
