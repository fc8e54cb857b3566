package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static final int PATIENCE_S = 20;
    private HttpServer server;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eventsAreFramedLineByLine() {
        server = HttpServer.start(HttpServerOptions.loopback(), exchange -> {
            try (EventStream events = exchange.events()) {
                events.data("{\"a\":1}");
                events.heartbeat();
                events.event("note", "two\nlines");
                events.data("");
            }
        });

        HttpResponse<String> response = new TestClient(server.uri()).get("/");

        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream; charset=utf-8");
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-cache");
        assertThat(response.body())
                .isEqualTo("data: {\"a\":1}\n\n:\n\nevent: note\ndata: two\ndata: lines\n\ndata: \n\n");
    }

    @Test
    void eachEventArrivesBeforeTheNextIsWritten() throws Exception {
        CountDownLatch received = new CountDownLatch(1);
        server = HttpServer.start(HttpServerOptions.loopback(), exchange -> {
            try (EventStream events = exchange.events()) {
                events.data("first");
                events.data(await(received) ? "second" : "the first never arrived");
            }
        });

        try (InputStream body = new TestClient(server.uri()).open("/").body();
                BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("data: first");
            received.countDown();
            assertThat(lines.readLine()).isEmpty();
            assertThat(lines.readLine()).isEqualTo("data: second");
        }
    }

    @Test
    void aClientThatHasGoneShowsAtAWrite() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        AtomicReference<Exception> failure = new AtomicReference<>();
        server = HttpServer.start(HttpServerOptions.loopback(), exchange -> {
            try (EventStream events = exchange.events()) {
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
                while (System.nanoTime() < deadline) {
                    events.heartbeat();
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
                }
            } catch (IOException e) {
                failure.set(e);
                throw e;
            } finally {
                ended.countDown();
            }
        });

        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().read()).isPositive();
        }

        assertThat(await(ended)).isTrue();
        assertThat(failure.get()).isInstanceOf(IOException.class);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
