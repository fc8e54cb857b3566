package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ErrorKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    private static final int PATIENCE_S = 20;
    private HttpServer server;

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    private TestClient serve(Handler handler) {
        return serve(HttpServerOptions.loopback(), handler);
    }

    private TestClient serve(HttpServerOptions options, Handler handler) {
        server = HttpServer.start(options, handler);
        return new TestClient(server.uri());
    }

    @Test
    void handlersRunOnVirtualThreadsSideBySide() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        TestClient client = serve(exchange -> {
            both.countDown();
            await(both);
            say(exchange, "" + Thread.currentThread().isVirtual());
        });

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> first = executor.submit(() -> client.get("/"));
            Future<HttpResponse<String>> second = executor.submit(() -> client.get("/"));
            assertThat(first.get(PATIENCE_S, TimeUnit.SECONDS).body()).isEqualTo("true");
            assertThat(second.get(PATIENCE_S, TimeUnit.SECONDS).body()).isEqualTo("true");
        }
    }

    @Test
    void bodyQueryAndHeadersReachTheHandler() {
        TestClient client = serve(exchange -> {
            String body = new String(exchange.body().readAllBytes(), StandardCharsets.UTF_8);
            say(
                    exchange,
                    exchange.method() + " " + exchange.query("a b").orElse("-") + " "
                            + exchange.query("none").isPresent() + " "
                            + exchange.header("x-thing").orElse("-") + " "
                            + exchange.contentLength().orElse(-1) + " " + body);
        });

        HttpResponse<String> response = client.send("POST", "/x?a%20b=1%2B1&a+b=2", "héllo", "X-Thing", "7");

        assertThat(response.body()).isEqualTo("POST 1+1 false 7 6 héllo");
    }

    @Test
    void requestIdIsTheClientsWhenItIsSane() {
        TestClient client = serve(exchange -> say(exchange, exchange.requestId()));

        HttpResponse<String> own = client.send("GET", "/", "", "X-Request-Id", "abc-1");
        HttpResponse<String> odd = client.send("GET", "/", "", "X-Request-Id", "a b\"<>");

        assertThat(own.body()).isEqualTo("abc-1");
        assertThat(own.headers().firstValue("X-Request-Id")).hasValue("abc-1");
        assertThat(odd.body()).matches("req_[0-9a-f]{16}");
    }

    @Test
    void bodiesPastTheLimitAreRefusedAnnouncedOrNot() {
        HttpServerOptions options = new HttpServerOptions(
                HttpServerOptions.loopback().address(),
                new ByteSize(10),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1));
        TestClient client = serve(options, exchange -> {
            InputStream body = exchange.path().equals("/all") ? exchange.unlimitedBody() : exchange.body();
            say(exchange, "" + body.readAllBytes().length);
        });

        assertThat(client.send("POST", "/", "0123456789").body()).isEqualTo("10");
        assertThat(client.send("POST", "/all", "0123456789x").body()).isEqualTo("11");
        HttpResponse<String> announced = client.send("POST", "/", "0123456789x");
        assertThat(announced.statusCode()).isEqualTo(413);
        assertThat(announced.body()).contains("larger than the 10 B");
        assertThat(
                        client.raw(
                                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nb\r\n0123456789x\r\n0\r\n\r\n"))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void aBodyIsReadAsItArrivesAndNotHeldInMemory() throws IOException {
        long size = 300L << 20;
        TestClient client = serve(exchange -> {
            AtomicLong total = new AtomicLong();
            try (InputStream body = exchange.unlimitedBody()) {
                body.transferTo(new OutputStream() {
                    @Override
                    public void write(int b) {
                        total.incrementAndGet();
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        total.addAndGet(length);
                    }
                });
            }
            try (OutputStream out = exchange.stream(200, "application/octet-stream", OptionalLong.of(total.get()))) {
                byte[] piece = new byte[1 << 20];
                for (long sent = 0; sent < total.get(); sent += piece.length) {
                    out.write(piece);
                }
            }
        });

        // The test's heap is 1 GiB for client and server; three such bodies held whole would not fit.
        for (int i = 0; i < 3; i++) {
            assertThat(Streams.postZeros(client, "/", size)).isEqualTo(size);
        }
    }

    @Test
    void aHandlerMayComputeForLongerThanTheIdleTimeout() {
        HttpServerOptions impatient = new HttpServerOptions(
                HttpServerOptions.loopback().address(),
                ByteSize.ofMebibytes(1),
                Duration.ofMillis(100),
                Duration.ofSeconds(1));
        TestClient client = serve(impatient, exchange -> {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(600);
            while (System.nanoTime() < deadline) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
            }
            say(exchange, "done");
        });

        assertThat(client.get("/").body()).isEqualTo("done");
    }

    @Test
    void aClientThatStopsSendingIsGivenUp() {
        HttpServerOptions impatient = new HttpServerOptions(
                HttpServerOptions.loopback().address(),
                ByteSize.ofMebibytes(1),
                Duration.ofMillis(100),
                Duration.ofSeconds(1));
        TestClient client =
                serve(impatient, exchange -> say(exchange, "" + exchange.body().readAllBytes().length));

        String answer = client.raw("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf");

        assertThat(answer).doesNotContain("200 OK");
        Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_S)).until(() -> server.running() == 0);
    }

    @Test
    void errorsBeforeTheAnswerAreMappedAndNothingInnerIsShown() {
        TestClient client = serve(exchange -> {
            switch (exchange.path()) {
                case "/coded" ->
                    throw new HttpException(
                            "http.test", ErrorKind.INVALID, 418, "It is a teapot.", "Ask for tea.", null);
                case "/silent" -> {}
                default -> throw new IllegalStateException("secret detail");
            }
        });

        assertThat(client.get("/coded").statusCode()).isEqualTo(418);
        assertThat(client.get("/coded").body()).isEqualTo("It is a teapot.\nAsk for tea.\n");
        assertThat(client.get("/").statusCode()).isEqualTo(500);
        assertThat(client.get("/").body()).doesNotContain("secret").contains("req_");
        assertThat(client.get("/silent").statusCode()).isEqualTo(500);
        assertThat(client.raw("NONSENSE\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .doesNotContainIgnoringCase("jetty")
                .doesNotContain("<html");
    }

    @Test
    void anErrorAfterTheAnswerBeganBreaksTheConnection() {
        TestClient client = serve(exchange -> {
            OutputStream out = exchange.stream(200, "text/plain", OptionalLong.empty());
            out.write("half".getBytes(StandardCharsets.UTF_8));
            out.flush();
            throw new IllegalStateException("on the way");
        });

        assertThatThrownBy(() -> client.get("/")).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void filesAreSentInPartAndToHeadByLength(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("f"), "0123456789".repeat(20_000).getBytes(StandardCharsets.UTF_8));
        TestClient client = serve(exchange -> exchange.sendFile(206, "text/plain", file, 5, 150_000));

        HttpResponse<String> response = client.get("/");

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(response.body()).isEqualTo(Files.readString(file).substring(5, 150_005));
        HttpResponse<String> head = client.send("HEAD", "/", "");
        assertThat(head.headers().firstValue("Content-Length")).hasValue("150000");
        assertThat(head.body()).isEmpty();
    }

    @Test
    void aPortInUseNamesTheHolderAndAnotherPort() {
        serve(exchange -> exchange.send(204));
        HttpServerOptions same = new HttpServerOptions(
                server.address(), ByteSize.ofMebibytes(1), Duration.ofSeconds(30), Duration.ofSeconds(1));

        assertThatThrownBy(() -> HttpServer.start(same, exchange -> exchange.send(204)))
                .isInstanceOfSatisfying(HttpException.class, e -> {
                    assertThat(e.code()).isEqualTo("http.port-in-use");
                    assertThat(e.kind()).isEqualTo(ErrorKind.CONFLICT);
                    assertThat(e.getMessage()).contains(":" + server.address().getPort());
                    assertThat(e.hint()).contains("" + (server.address().getPort() + 1));
                    if (Files.exists(Path.of("/proc/net/tcp"))) {
                        assertThat(e.getMessage())
                                .contains("process " + ProcessHandle.current().pid());
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.1", "no-such-host.invalid"})
    void anAddressOfAnotherMachineIsRefused(String host) {
        HttpServerOptions elsewhere = new HttpServerOptions(
                InetSocketAddress.createUnresolved(host, 0).isUnresolved() && host.endsWith("invalid")
                        ? InetSocketAddress.createUnresolved(host, 0)
                        : new InetSocketAddress(host, 0),
                ByteSize.ofMebibytes(1),
                Duration.ofSeconds(30),
                Duration.ofSeconds(1));

        assertThatThrownBy(() -> HttpServer.start(elsewhere, exchange -> exchange.send(204)))
                .isInstanceOfSatisfying(
                        HttpException.class, e -> assertThat(e.code()).isEqualTo("http.address-invalid"));
    }

    @Test
    void closingLetsRunningRequestsFinishAndTakesNoNewOnes() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        TestClient client = serve(exchange -> {
            entered.countDown();
            await(release);
            say(exchange, "finished");
        });
        URI uri = server.uri();

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> running = executor.submit(() -> client.get("/"));
            await(entered);
            Future<?> closing = executor.submit(server::close);
            Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_S)).until(() -> refuses(uri));
            assertThat(closing.isDone()).isFalse();
            release.countDown();
            assertThat(running.get(PATIENCE_S, TimeUnit.SECONDS).body()).isEqualTo("finished");
            closing.get(PATIENCE_S, TimeUnit.SECONDS);
        }
        assertThat(server.running()).isZero();
    }

    @Test
    void closingCutsWhatDoesNotEndInTime() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        HttpServerOptions hasty = new HttpServerOptions(
                HttpServerOptions.loopback().address(),
                ByteSize.ofMebibytes(1),
                Duration.ofSeconds(30),
                Duration.ofMillis(50));
        TestClient client = serve(hasty, exchange -> {
            entered.countDown();
            await(new CountDownLatch(1));
        });

        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<HttpResponse<String>> running = executor.submit(() -> client.get("/"));
            await(entered);
            server.close();
            assertThatThrownBy(() -> running.get(PATIENCE_S, TimeUnit.SECONDS)).isNotNull();
            executor.shutdownNow();
        }
    }

    private static boolean refuses(URI uri) {
        try {
            new TestClient(uri).get("/");
            return false;
        } catch (UncheckedIOException e) {
            return e.getCause() instanceof java.net.ConnectException;
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE_S, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void say(Exchange exchange, String text) throws IOException {
        exchange.send(200, "text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
    }
}
