package dev.slipway.server.openai;

import dev.slipway.http.HttpServer;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.http.Router;
import dev.slipway.runtime.BackendLauncher;
import dev.slipway.runtime.ModelRouter;
import dev.slipway.runtime.RouterOptions;
import dev.slipway.server.ModelConfigs;
import dev.slipway.server.serving.ModelService;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API over a fake backend in a process of its own. */
final class ApiUnderTest implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final ModelRouter router;
    private final HttpServer server;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private ApiUnderTest(Path folder, ModelRouter router, HttpServer server) {
        this.folder = folder;
        this.router = router;
        this.server = server;
    }

    static ApiUnderTest start(Path folder) throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        Files.writeString(models.resolve("a.gguf"), "weights");
        Files.writeString(models.resolve("broken.gguf"), "weights");
        config(models, "fake", "a.gguf", "context_size: 77\noptions: [k:v]\nstopwords: [END]\n");
        config(models, "broken", "broken.gguf", "");
        config(models, "fileless", "nothing.gguf", "");
        Files.writeString(models.resolve("odd.yaml"), "name: odd\nbackend: fake\nparametres: {}\n");
        Path script = runScript(folder);
        ModelRouter router = new ModelRouter(
                new BackendLauncher(), (backend, cancellation) -> script, RouterOptions.of(folder.resolve("logs")));
        Router routes = new Router();
        new OpenAiApi(new ModelService(new ModelConfigs(List.of(models)), router), Duration.ofMillis(150))
                .addTo(routes);
        HttpServer server = HttpServer.start(HttpServerOptions.loopback(), routes, new OpenAiErrors());
        return new ApiUnderTest(folder, router, server);
    }

    private static void config(Path models, String name, String file, String more) throws IOException {
        Files.writeString(
                models.resolve(name + ".yaml"),
                "name: " + name + "\nbackend: fake\nparameters:\n  model: " + file + "\n  top_k: 7\n" + more);
    }

    private static Path runScript(Path folder) throws IOException {
        String java = ProcessHandle.current().info().command().orElseThrow();
        Path script = folder.resolve("run.sh");
        Files.writeString(
                script,
                "#!/bin/sh\nexec '" + java + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m"
                        + " --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' " + FakeBackend.class.getName() + " \"$@\"\n");
        Files.setPosixFilePermissions(script, Set.of(PosixFilePermission.values()));
        return script;
    }

    HttpResponse<String> post(String path, String json) {
        return call(request(path).POST(BodyPublishers.ofString(json)).build());
    }

    HttpResponse<String> get(String path) {
        return call(request(path).build());
    }

    /** A chat request whose last word chooses the fake's behaviour. */
    HttpResponse<String> chat(String word, String more) {
        return post("/v1/chat/completions", chatJson(word, more));
    }

    static String chatJson(String word, String more) {
        return "{\"model\": \"fake\", \"messages\": [{\"role\": \"user\", \"content\": \"please " + word + "\"}]" + more
                + "}";
    }

    /** The lines of a stream as they come; closing it leaves the server alone. */
    Stream<String> lines(String path, String json) {
        try {
            return client.send(request(path).POST(BodyPublishers.ofString(json)).build(), BodyHandlers.ofLines())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(server.uri().resolve(path)).timeout(PATIENCE);
    }

    private HttpResponse<String> call(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    static JsonNode json(HttpResponse<String> response) {
        return JSON.readTree(response.body());
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /** The data of each event. */
    static List<String> events(HttpResponse<String> response) {
        return response.body()
                .lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }

    HttpServer server() {
        return server;
    }

    /** What the fake noted so far. */
    String notes() {
        Path file = folder.resolve("models/events.log");
        try {
            return Files.exists(file) ? Files.readString(file) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        server.close();
        router.close();
        client.close();
    }
}
