package dev.slipway.it;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged server as a user starts it: {@code bin/slipway serve}, in a process of its own. */
final class RunningServer implements AutoCloseable {
    private static final Pattern URL = Pattern.compile("http://(127\\.0\\.0\\.1:\\d+)");
    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final List<String> output = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch announced = new CountDownLatch(1);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private volatile String address = "";

    private RunningServer(Process process) {
        this.process = process;
        Thread.ofVirtual().start(this::read);
    }

    /** Starts a server over a home folder on any free port and waits until it says that it is ready. */
    static RunningServer start(Path home, String... more) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Repository.DISTRIBUTION.resolve("bin/slipway").toString(), "serve", "--port", "0", "--home"));
        command.add(home.toString());
        command.addAll(Arrays.asList(more));
        RunningServer server = new RunningServer(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        if (!server.announced.await(START.toSeconds(), TimeUnit.SECONDS) || server.address.isEmpty()) {
            server.close();
            throw new AssertionError("the server did not come up; it printed:\n" + server.output());
        }
        server.awaitReady();
        return server;
    }

    /** Runs the command line tool to its end. */
    static Outcome run(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Repository.DISTRIBUTION.resolve("bin/slipway").toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command + " did not end; it printed:\n" + text);
        }
        return new Outcome(process.exitValue(), text);
    }

    /** How a command ended. */
    record Outcome(int exitCode, String output) {}

    String baseUrl() {
        return "http://" + address;
    }

    Process process() {
        return process;
    }

    String output() {
        return String.join("\n", output);
    }

    HttpResponse<String> get(String path) throws Exception {
        return http.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String json) throws Exception {
        return http.send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    HttpClient client() {
        return http;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl() + path)).timeout(Duration.ofMinutes(2));
    }

    /** The backend processes that descend from this server: the JVMs started by an installed {@code run.sh}. */
    List<ProcessHandle> backends() {
        return process.descendants()
                .filter(handle -> handle.info().command().orElse("").contains("/backends/.versions/"))
                .toList();
    }

    @Override
    public void close() {
        process.destroy();
        http.close();
        if (!endsWithin(Duration.ofSeconds(30))) {
            process.destroyForcibly();
            throw new AssertionError("the server did not stop on SIGTERM; it printed:\n" + output());
        }
    }

    private boolean endsWithin(Duration patience) {
        try {
            return process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void awaitReady() throws Exception {
        long deadline = System.nanoTime() + START.toNanos();
        while (get("/readyz").statusCode() != 200) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not ready in time; it printed:\n" + output());
            }
            Thread.onSpinWait();
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                output.add(line);
                Matcher url = URL.matcher(line);
                if (address.isEmpty() && url.find()) {
                    address = url.group(1);
                    announced.countDown();
                }
            }
        } catch (IOException e) {
            output.add("(output ended: " + e.getMessage() + ")");
        } finally {
            announced.countDown();
        }
    }
}
