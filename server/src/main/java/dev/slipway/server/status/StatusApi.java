package dev.slipway.server.status;

import dev.slipway.http.Exchange;
import dev.slipway.http.Router;
import dev.slipway.server.SlipwayVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;

/** {@code /healthz}, {@code /readyz} and {@code /version}. */
public final class StatusApi {
    /** Where a server is in its life. */
    public enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.STARTING);

    public void phase(Phase now) {
        phase.set(now);
    }

    /** Adds the routes. */
    public void addTo(Router router) {
        router.route("GET", "/healthz", exchange -> send(exchange, 200, "{\"status\":\"ok\"}"))
                .route("GET", "/readyz", this::ready)
                .route("GET", "/version", StatusApi::version)
                .route("GET", "/", StatusApi::version);
    }

    private void ready(Exchange exchange) throws IOException {
        switch (phase.get()) {
            case READY -> send(exchange, 200, "{\"status\":\"ready\"}");
            case STARTING -> {
                exchange.respondHeader("Retry-After", "1");
                send(exchange, 503, "{\"status\":\"starting\"}");
            }
            case STOPPING -> send(exchange, 503, "{\"status\":\"stopping\"}");
        }
    }

    private static void version(Exchange exchange) throws IOException {
        send(
                exchange,
                200,
                "{\"name\":\"slipway\",\"version\":\"" + SlipwayVersion.current() + "\",\"java\":\"" + Runtime.version()
                        + "\"}");
    }

    private static void send(Exchange exchange, int status, String json) throws IOException {
        exchange.send(status, "application/json", (json + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
