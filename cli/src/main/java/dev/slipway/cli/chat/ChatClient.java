package dev.slipway.cli.chat;

import dev.slipway.base.ErrorKind;
import dev.slipway.cli.CliException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to one server's API. */
public final class ChatClient implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofSeconds(10);
    private static final String DATA = "data: ";

    private final URI root;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /** @param root the server's address, such as {@code http://127.0.0.1:8080} */
    public ChatClient(URI root) {
        this.root = root;
    }

    /** Hears an answer as it comes. */
    public interface AnswerListener {
        void onText(String text);

        void onReasoning(String text);

        void onToolCall(String name, String arguments);
    }

    /** Whether a Slipway server answers there. */
    public boolean isSlipway() {
        try {
            HttpResponse<String> response = http.send(get("/version"), BodyHandlers.ofString());
            return response.statusCode() == 200
                    && json.readTree(response.body()).path("name").asString("").equals("slipway");
        } catch (IOException | JacksonException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The names of the models. */
    public List<String> models() {
        try {
            HttpResponse<String> response = http.send(get("/v1/models"), BodyHandlers.ofString());
            JsonNode body = json.readTree(response.body());
            if (response.statusCode() != 200) {
                throw refused(body);
            }
            return body.path("data")
                    .valueStream()
                    .map(model -> model.path("id").asString(""))
                    .toList();
        } catch (IOException e) {
            throw unreachable(e);
        } catch (JacksonException e) {
            throw notAnApi(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    /**
     * Asks, and hears the answer.
     *
     * @param running closed to stop the answer
     */
    public void ask(ChatTurns turns, RunningAnswer running, AnswerListener listener) {
        HttpRequest request = HttpRequest.newBuilder(root.resolve("/v1/chat/completions"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json.writeValueAsString(turns.toRequest())))
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            try (InputStream body = response.body()) {
                running.onStop(body);
                if (response.statusCode() != 200) {
                    throw refused(json.readTree(body.readAllBytes()));
                }
                listen(body, listener);
            }
        } catch (IOException e) {
            if (!running.stopped()) {
                throw unreachable(e);
            }
        } catch (JacksonException e) {
            throw notAnApi(e);
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void listen(InputStream body, AnswerListener listener) throws IOException {
        ToolCallText calls = new ToolCallText();
        BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.startsWith(DATA)) {
                continue;
            }
            String data = line.substring(DATA.length());
            if (data.equals("[DONE]")) {
                calls.report(listener);
                return;
            }
            JsonNode event = json.readTree(data);
            if (event.has("error")) {
                throw refused(event);
            }
            JsonNode delta = event.path("choices").path(0).path("delta");
            calls.take(delta.path("tool_calls"));
            tell(
                    delta.path("reasoning_content").asString(""),
                    delta.path("content").asString(""),
                    listener);
        }
        throw unreachable(new IOException("the answer ended too early"));
    }

    private static void tell(String reasoning, String text, AnswerListener listener) {
        if (!reasoning.isEmpty()) {
            listener.onReasoning(reasoning);
        }
        if (!text.isEmpty()) {
            listener.onText(text);
        }
    }

    private HttpRequest get(String path) {
        return HttpRequest.newBuilder(root.resolve(path)).timeout(SHORT).build();
    }

    private static CliException refused(JsonNode body) {
        JsonNode error = body.path("error");
        String code = error.path("code").asString("");
        ErrorKind kind = switch (code) {
            case "model_not_found" -> ErrorKind.NOT_FOUND;
            case "runtime.backend-gone", "runtime.unavailable" -> ErrorKind.UNREACHABLE;
            default ->
                error.path("type").asString("").equals("invalid_request_error") ? ErrorKind.INVALID : ErrorKind.FAILURE;
        };
        String message = error.path("message").asString("The server refused the request.");
        String hint = code.equals("context_length_exceeded") ? "Begin anew with /clear, or ask in fewer words." : "";
        return new CliException("cli.refused", kind, message, hint, null);
    }

    private CliException unreachable(IOException cause) {
        return new CliException(
                "cli.server-unreachable",
                ErrorKind.UNREACHABLE,
                "The server at " + root + " does not answer: " + cause.getMessage() + ".",
                "Start one with 'slipway serve', or leave --url out.",
                cause);
    }

    private CliException notAnApi(JacksonException cause) {
        return new CliException(
                "cli.not-an-api",
                ErrorKind.UNREACHABLE,
                "What answers at " + root + " is not an OpenAI-compatible API.",
                "Check the address.",
                cause);
    }

    private static CliException interrupted() {
        Thread.currentThread().interrupt();
        return new CliException("cli.interrupted", ErrorKind.CANCELLED, "Interrupted.", "", null);
    }

    @Override
    public void close() {
        http.close();
    }
}
