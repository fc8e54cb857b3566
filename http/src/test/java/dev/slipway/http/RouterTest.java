package dev.slipway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
    private HttpServer server;
    private TestClient client;

    @BeforeEach
    void start() {
        Router router = new Router()
                .route("GET", "/", answer("root"))
                .route("GET", "/v1/models", answer("list"))
                .route("GET", "/v1/models/{id}", exchange -> say(exchange, "one " + exchange.parameter("id")))
                .route("DELETE", "/v1/models/{id}", answer("deleted"))
                .route("GET", "/files/{name...}", exchange -> say(exchange, "file " + exchange.parameter("name")))
                .mount("/v2/", exchange -> say(exchange, exchange.method() + " " + exchange.path()));
        server = HttpServer.start(HttpServerOptions.loopback(), router);
        client = new TestClient(server.uri());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/, root",
        "/v1/models, list",
        "/v1/models/a, one a",
        "/v1/models/org%2Fmodel+x, one org/model+x",
        "/files/a/b%20c.txt, file a/b c.txt",
        "/v2, GET /v2",
        "/v2/, GET /v2/",
        "/v2/x%2Fy/tags, GET /v2/x%2Fy/tags",
    })
    void choosesTheHandlerByPath(String path, String answer) {
        assertThat(client.get(path).body()).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource({"/v1", "/v1/models/", "/v1/models/a/b", "/files/", "/v20", "/nothing"})
    void saysNotFoundWhereNoRouteFits(String path) {
        HttpResponse<String> response = client.get(path);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.body()).contains("nothing at " + path);
    }

    @Test
    void otherMethodsAreRefusedWithTheAllowedOnes() {
        HttpResponse<String> response = client.send("PUT", "/v1/models/a", "x");

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).hasValue("DELETE, GET, HEAD, OPTIONS");
        assertThat(client.send("DELETE", "/v1/models/a", "").body()).isEqualTo("deleted");
    }

    @Test
    void optionsTellsTheMethods() {
        HttpResponse<String> response = client.send("OPTIONS", "/v1/models", "");

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS");
    }

    @Test
    void headIsGetWithoutTheBody() {
        HttpResponse<String> response = client.send("HEAD", "/v1/models", "");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Length")).hasValue("4");
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"/v2/../secret", "/v2/./x", "/v2/%2e%2e/x"})
    void pathsThatClimbAreRefused(String path) {
        String answer = client.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400 ");
    }

    @Test
    void patternsAreChecked() {
        assertThatThrownBy(() -> new Router().route("GET", "models", answer("")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Router().route("GET", "/{all...}/x", answer("")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Router().mount("/v2", answer(""))).isInstanceOf(IllegalArgumentException.class);
    }

    private static Handler answer(String text) {
        return exchange -> say(exchange, text);
    }

    private static void say(Exchange exchange, String text) throws IOException {
        exchange.send(200, "text/plain", text.getBytes(StandardCharsets.UTF_8));
    }
}
