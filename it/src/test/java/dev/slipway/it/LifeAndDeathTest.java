package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers and backends that are stopped, killed and started again. */
class LifeAndDeathTest {
    private static final String CHAT = """
            {"model": "slipway-demo", "temperature": 0, "messages": [{"role": "user", "content": "What is Slipway?"}]}""";
    private static final String LONG_STREAM = """
            {"model": "slipway-demo", "prompt": "Once upon a time", "stream": true, "max_tokens": 500, "temperature": 0.8}""";

    @TempDir
    Path home;

    @Test
    void noBackendSurvivesAStoppedServer() throws Exception {
        List<ProcessHandle> everything;
        try (RunningServer server = RunningServer.start(home)) {
            assertThat(server.post("/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
            assertThat(server.backends()).isNotEmpty();
            everything = server.process().descendants().toList();
        }
        awaitDeath(everything);
    }

    @Test
    void noBackendSurvivesAKilledServer() throws Exception {
        RunningServer server = RunningServer.start(home);
        assertThat(server.post("/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
        assertThat(server.backends()).isNotEmpty();
        List<ProcessHandle> everything = server.process().descendants().toList();

        server.process().destroyForcibly().waitFor(10, TimeUnit.SECONDS);

        awaitDeath(everything);
    }

    @Test
    void aSecondStartInstallsNothingAgain() throws Exception {
        try (RunningServer first = RunningServer.start(home)) {
            assertThat(first.post("/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
        }
        Path installed = home.resolve("backends/slipway").toRealPath();
        long before =
                Files.getLastModifiedTime(installed.resolve("metadata.json")).toMillis();
        try (RunningServer second = RunningServer.start(home)) {
            assertThat(second.post("/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
        }

        assertThat(home.resolve("backends/slipway").toRealPath()).isEqualTo(installed);
        assertThat(Files.getLastModifiedTime(installed.resolve("metadata.json")).toMillis())
                .isEqualTo(before);
    }

    @Test
    void aBackendKilledInMidAnswerGivesAnErrorEventAndTheNextRequestANewBackend() throws Exception {
        try (RunningServer server = RunningServer.start(home)) {
            assertThat(server.post("/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
            // One answer is over in a blink: go on until one was still running when its backend died.
            String ending = "";
            for (int attempt = 0; attempt < 20 && !ending.contains("\"error\""); attempt++) {
                ending = streamWhileKilling(server);
            }

            assertThat(ending).contains("\"error\"").doesNotContain("[DONE]");
            assertThat(server.post("/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
            assertThat(server.backends()).isNotEmpty();
        }
    }

    @Test
    void twoStreamsInterleave() throws Exception {
        try (RunningServer server = RunningServer.start(home)) {
            assertThat(server.post("/v1/chat/completions", CHAT).statusCode()).isEqualTo(200);
            List<String> arrivals = java.util.Collections.synchronizedList(new ArrayList<>());
            Thread one = Thread.ofVirtual().start(() -> stream(server, "a", arrivals));
            Thread two = Thread.ofVirtual().start(() -> stream(server, "b", arrivals));
            one.join(Duration.ofMinutes(1));
            two.join(Duration.ofMinutes(1));

            String order = String.join("", arrivals);
            assertThat(order).contains("a").contains("b");
            assertThat(order.replaceAll("(.)\\1*", "$1").length())
                    .as("changes between the two streams in " + order)
                    .isGreaterThan(6);
        }
    }

    @Test
    void portInUseIsSaidPlainly() throws Exception {
        try (RunningServer server = RunningServer.start(home)) {
            String port = server.baseUrl().substring(server.baseUrl().lastIndexOf(':') + 1);
            RunningServer.Outcome outcome = RunningServer.run(
                    java.util.Map.of(),
                    "serve",
                    "--port",
                    port,
                    "--home",
                    home.resolve("other").toString());

            assertThat(outcome.exitCode()).isEqualTo(7);
            assertThat(outcome.output()).contains(port).contains("--port").doesNotContain("\tat ");
        }
    }

    private static String streamWhileKilling(RunningServer server) throws Exception {
        HttpRequest request = server.request("/v1/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(LONG_STREAM))
                .build();
        HttpResponse<java.io.InputStream> response =
                server.client().send(request, HttpResponse.BodyHandlers.ofInputStream());
        StringBuilder text = new StringBuilder();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
            boolean killed = false;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                text.append(line).append('\n');
                if (!killed && line.startsWith("data:")) {
                    killed = true;
                    server.backends().forEach(ProcessHandle::destroyForcibly);
                }
            }
        }
        return text.toString();
    }

    private static void stream(RunningServer server, String mark, List<String> arrivals) {
        HttpRequest request = server.request("/v1/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(LONG_STREAM))
                .build();
        try (Stream<String> lines = server.client()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()) {
            lines.filter(line -> line.startsWith("data:")).forEach(line -> arrivals.add(mark));
        } catch (Exception e) {
            arrivals.add("!");
        }
    }

    private static void awaitDeath(List<ProcessHandle> processes) {
        assertThat(processes).isNotEmpty();
        await().atMost(Duration.ofSeconds(15)).until(() -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }
}
