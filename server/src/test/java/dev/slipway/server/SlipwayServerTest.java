package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ProgressListener;
import dev.slipway.gallery.GalleryIndex;
import dev.slipway.http.HttpException;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.server.openai.FakeBackend;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole server over a distribution whose one backend is the fake, packed as an image. */
class SlipwayServerTest {
    private static final String BACKEND = "slipway";
    private static final String CHAT = """
            {"model": "shipped", "messages": [{"role": "user", "content": "say hello"}]}""";

    @TempDir
    Path folder;

    private Distribution distribution;
    private Path home;
    private final List<String> steps = Collections.synchronizedList(new ArrayList<>());

    @BeforeEach
    void pack() throws IOException {
        home = folder.resolve("home");
        distribution = new Distribution(folder.resolve("dist"));
        Path models = Files.createDirectories(distribution.models());
        Files.writeString(models.resolve("shipped.gguf"), "weights");
        Files.writeString(
                models.resolve("shipped.yaml"), "backend: " + BACKEND + "\nparameters:\n  model: shipped.gguf\n");
        image("first");
    }

    private void image(String mark) {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String script =
                "#!/bin/sh\n# " + mark + "\nexec '" + java + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx128m"
                        + " --sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED -cp '"
                        + System.getProperty("java.class.path") + "' " + FakeBackend.class.getName() + " \"$@\"\n";
        String uri = GalleryIndex.embedded().require(BACKEND).uri();
        ImageBuilder.forPlatform(Platform.host())
                .layer(new LayerBuilder().file(script.getBytes(StandardCharsets.UTF_8), "run.sh", true))
                .build(distribution.folder().resolve("images"), uri.substring("oci://".length()));
    }

    private ServerOptions options(int port) {
        return new ServerOptions(
                home,
                new InetSocketAddress("127.0.0.1", port),
                Optional.of(distribution),
                Duration.ofSeconds(5),
                Duration.ofSeconds(2));
    }

    private SlipwayServer start() {
        ProgressListener listener = progress -> steps.add(progress.step());
        return SlipwayServer.start(options(0), listener, Cancellation.never());
    }

    private static HttpResponse<String> get(URI uri) throws Exception {
        return send(HttpRequest.newBuilder(uri).build());
    }

    private static HttpResponse<String> chat(SlipwayServer server) throws Exception {
        return send(HttpRequest.newBuilder(server.uri().resolve("/v1/chat/completions"))
                .POST(BodyPublishers.ofString(CHAT))
                .build());
    }

    private static HttpResponse<String> send(HttpRequest request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    @Test
    void whatIsShippedIsInstalledAndAnswersAndASecondStartInstallsNothing() throws Exception {
        Path installed;
        try (SlipwayServer server = start()) {
            assertThat(get(server.uri().resolve("/readyz")).statusCode()).isEqualTo(200);
            assertThat(get(server.uri().resolve("/healthz")).body()).contains("ok");
            assertThat(get(server.uri().resolve("/version")).body()).contains("\"name\":\"slipway\"");
            assertThat(get(server.uri().resolve("/v2/")).statusCode()).isEqualTo(200);
            assertThat(server.models().all()).extracting(ModelConfig::name).containsExactly("shipped");
            installed = home.resolve("backends/slipway").toRealPath();
            assertThat(installed.resolve("run.sh")).isExecutable();
            HttpResponse<String> answer = chat(server);
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"Hello\"");
        }
        assertThat(steps).isNotEmpty();
        steps.clear();

        try (SlipwayServer server = start()) {
            assertThat(chat(server).statusCode()).isEqualTo(200);
        }
        assertThat(steps).isEmpty();
        assertThat(home.resolve("backends/slipway").toRealPath()).isEqualTo(installed);
    }

    @Test
    void aBackendThatWasBuiltAnewReplacesTheOneBefore() throws Exception {
        start().close();
        image("second");

        try (SlipwayServer server = start()) {
            assertThat(Files.readString(home.resolve("backends/slipway/run.sh")))
                    .contains("# second");
            assertThat(chat(server).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void backendsAreListedBeforeAndAfter() {
        Backends backends = new Backends(
                SlipwayHome.open(home), DiskContentStore.open(home.resolve("content")), Optional.of(distribution));

        assertThat(backends.list())
                .singleElement()
                .satisfies(backend -> assertThat(backend.installed()).isFalse());
        assertThat(backends.install(BACKEND, ProgressListener.NONE, Cancellation.never())
                        .changed())
                .isTrue();
        assertThat(backends.install(BACKEND, ProgressListener.NONE, Cancellation.never())
                        .changed())
                .isFalse();
        assertThat(backends.list()).singleElement().satisfies(backend -> {
            assertThat(backend.installed()).isTrue();
            assertThat(backend.digest()).startsWith("sha256:");
        });
    }

    @Test
    void aModelOfAnUnknownBackendSaysSo() throws Exception {
        Files.createDirectories(home.resolve("models"));
        Files.writeString(home.resolve("models/x.gguf"), "");
        Files.writeString(home.resolve("models/shipped.yaml"), "backend: nobody\nparameters: {model: x.gguf}\n");

        try (SlipwayServer server = start()) {
            HttpResponse<String> answer = chat(server);

            assertThat(answer.statusCode()).isEqualTo(500);
            assertThat(answer.body()).contains("nobody");
        }
    }

    @Test
    void aPortInUseStopsTheStartBeforeAnythingIsInstalled() {
        try (SlipwayServer first = start()) {
            Path other = folder.resolve("other");
            ServerOptions same = new ServerOptions(
                    other, first.address(), Optional.of(distribution), Duration.ofSeconds(5), Duration.ofSeconds(1));

            assertThatThrownBy(() -> SlipwayServer.start(same, ProgressListener.NONE, Cancellation.never()))
                    .isInstanceOfSatisfying(
                            HttpException.class, e -> assertThat(e.code()).isEqualTo("http.port-in-use"));
            assertThat(other.resolve("backends/slipway")).doesNotExist();
        }
    }

    @Test
    void aStartThatIsCancelledLeavesNothingListening() {
        Cancellation cancelled = new Cancellation();
        cancelled.cancel();

        assertThatThrownBy(() -> SlipwayServer.start(options(0), ProgressListener.NONE, cancelled))
                .isInstanceOf(CodedException.class);
        assertThat(home.resolve("backends/slipway")).doesNotExist();
    }
}
