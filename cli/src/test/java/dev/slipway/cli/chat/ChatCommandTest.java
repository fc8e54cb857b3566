package dev.slipway.cli.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.cli.CommandRun;
import dev.slipway.http.EventStream;
import dev.slipway.http.Exchange;
import dev.slipway.http.HttpServer;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.http.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChatCommandTest {
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private volatile String models = "{\"data\": [{\"id\": \"tiny\"}]}";
    private volatile List<String> events = List.of();
    private HttpServer server;

    @BeforeEach
    void start() {
        Router router = new Router()
                .route("GET", "/version", exchange -> json(exchange, 200, "{\"name\": \"slipway\"}"))
                .route("GET", "/v1/models", exchange -> json(exchange, 200, models))
                .route("POST", "/v1/chat/completions", this::chat);
        server = HttpServer.start(HttpServerOptions.loopback(), router);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void chat(Exchange exchange) throws IOException {
        requests.add(new String(exchange.body().readAllBytes(), StandardCharsets.UTF_8));
        if (events.isEmpty()) {
            json(
                    exchange,
                    400,
                    "{\"error\": {\"message\": \"Too long: 600 of 512.\", \"code\": \"context_length_exceeded\","
                            + " \"type\": \"invalid_request_error\"}}");
            return;
        }
        try (EventStream stream = exchange.events()) {
            stream.heartbeat();
            for (String event : events) {
                stream.data(event);
            }
        }
    }

    private static void json(Exchange exchange, int status, String text) throws IOException {
        exchange.send(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    private static String delta(String fields) {
        return "{\"choices\": [{\"delta\": {" + fields + "}}]}";
    }

    private CommandRun ask(String input, String... words) {
        String[] arguments = new String[words.length + 3];
        arguments[0] = "chat";
        arguments[1] = "--url";
        arguments[2] = server.uri().toString();
        System.arraycopy(words, 0, arguments, 3, words.length);
        return CommandRun.of(Map.of(), input, arguments);
    }

    @Test
    void theAnswerGoesToOutAndTheThinkingElsewhere() {
        events = List.of(
                delta("\"role\": \"assistant\", \"content\": \"\""),
                delta("\"reasoning_content\": \"hm\""),
                delta("\"content\": \"Hel\""),
                delta("\"content\": \"lo\""),
                "[DONE]");

        CommandRun run = ask("", "--system", "Be brief.", "--temperature", "0", "tiny", "Say", "hello");

        assertThat(run.status()).isZero();
        assertThat(run.out()).isEqualTo("Hello\n");
        assertThat(run.err()).contains("hm");
        assertThat(requests)
                .singleElement()
                .asString()
                .contains("\"model\":\"tiny\"", "\"stream\":true", "\"temperature\":0.0", "Be brief.")
                .contains("\"content\":\"Say hello\"");
    }

    @Test
    void theQuestionMayComeFromStandardInput() {
        events = List.of(delta("\"content\": \"Yes\\n\""), "[DONE]");

        CommandRun run = ask("Is it so?\n");

        assertThat(run.out()).isEqualTo("Yes\n");
        assertThat(requests).singleElement().asString().contains("Is it so?");
        assertThat(ask("").status()).isEqualTo(2);
    }

    @Test
    void aQuestionWithoutAModelGoesToTheOnlyOne() {
        events = List.of(delta("\"content\": \"x\""), "[DONE]");

        assertThat(ask("", "What is it?").status()).isZero();
        assertThat(ask("", "What", "is", "it?").status()).isZero();
        assertThat(requests).hasSize(2).allMatch(request -> request.contains("\"tiny\""));
    }

    @Test
    void modelsThatAreUnknownOrManyAreToldByName() {
        assertThat(ask("", "tinny").status()).isEqualTo(3);
        models = "{\"data\": [{\"id\": \"one\"}, {\"id\": \"two\"}]}";

        CommandRun run = ask("", "What is it?");

        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("one, two");
    }

    @Test
    void toolCallsAreShown() {
        events = List.of(
                delta("\"tool_calls\": [{\"index\": 0, \"function\": {\"name\": \"f\", \"arguments\": \"\"}}]"),
                delta("\"tool_calls\": [{\"index\": 0, \"function\": {\"arguments\": \"{}\"}}]"),
                "[DONE]");

        assertThat(ask("", "tiny", "go").out()).isEqualTo("[calls f with {}]\n");
    }

    @Test
    void errorsOfTheServerAreTheCommands() {
        CommandRun refused = ask("", "tiny", "x");
        events = List.of(
                delta("\"content\": \"half\""),
                "{\"error\": {\"message\": \"The backend ended.\", \"code\": \"runtime.backend-gone\"}}");
        CommandRun broken = ask("", "tiny", "x");
        events = List.of(delta("\"content\": \"half\""));
        CommandRun cut = ask("", "tiny", "x");

        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.err()).contains("600 of 512", "/clear");
        assertThat(broken.status()).isEqualTo(5);
        assertThat(broken.out()).isEqualTo("half\n");
        assertThat(broken.err()).contains("The backend ended.");
        assertThat(cut.status()).isEqualTo(5);
        assertThat(cut.err()).contains("ended too early");
    }

    @Test
    void aServerThatDoesNotAnswerIsUnreachable() {
        server.close();

        CommandRun run = ask("", "tiny", "x");

        assertThat(run.status()).isEqualTo(5);
        assertThat(run.err()).contains("slipway serve");
        assertThat(CommandRun.of(Map.of("SLIPWAY_URL", "ftp://x"), "", "chat", "x")
                        .status())
                .isEqualTo(2);
    }
}
