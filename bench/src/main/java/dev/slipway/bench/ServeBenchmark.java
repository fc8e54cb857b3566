package dev.slipway.bench;

import dev.slipway.base.AtomicFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times the packaged server as a whole process: start over an empty home, start over a used one, the first token and the
 * ones after it. Beside each start stands the time an empty Java program takes, which no start can undercut.
 *
 * <p>Arguments: the distribution folder and the number of rounds.
 */
public final class ServeBenchmark {
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+");
    private static final String CHAT = """
            {"model": "slipway-demo", "stream": true, "temperature": 0,
             "messages": [{"role": "user", "content": "What is Slipway?"}]}""";

    private final Path program;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Double> emptyJava = new ArrayList<>();
    private final List<Double> firstStart = new ArrayList<>();
    private final List<Double> laterStart = new ArrayList<>();
    private final List<Double> firstToken = new ArrayList<>();
    private final List<Double> nextFirstToken = new ArrayList<>();
    private final List<Double> stop = new ArrayList<>();

    private ServeBenchmark(Path distribution) {
        this.program = distribution.resolve("bin/slipway");
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 2) {
            System.err.println("usage: ServeBenchmark DISTRIBUTION ROUNDS");
            System.exit(2);
        }
        ServeBenchmark benchmark = new ServeBenchmark(Path.of(arguments[0]));
        int rounds = Integer.parseInt(arguments[1]);
        for (int round = 0; round < rounds; round++) {
            benchmark.round();
        }
        benchmark.print();
    }

    private void round() throws Exception {
        emptyJava.add(timeEmptyJava());
        Path home = Files.createTempDirectory("slipway-bench-");
        try {
            firstStart.add(serve(home));
            laterStart.add(serve(home));
        } finally {
            AtomicFiles.deleteRecursively(home);
        }
    }

    private static double timeEmptyJava() throws Exception {
        long begin = System.nanoTime();
        Process java = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(), "-Xshare:auto", "-version")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        java.waitFor();
        return secondsSince(begin);
    }

    /** Starts, asks twice, stops; returns the seconds from the command to the line that says "ready". */
    private double serve(Path home) throws Exception {
        long begin = System.nanoTime();
        Process server = new ProcessBuilder(program.toString(), "serve", "--port", "0", "--home", home.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String url = readUntilUrl(server.inputReader(StandardCharsets.UTF_8));
            double ready = secondsSince(begin);
            firstToken.add(secondsToFirstToken(url));
            nextFirstToken.add(secondsToFirstToken(url));
            return ready;
        } finally {
            long stopping = System.nanoTime();
            server.destroy();
            server.waitFor(30, TimeUnit.SECONDS);
            stop.add(secondsSince(stopping));
            server.destroyForcibly();
        }
    }

    private static String readUntilUrl(BufferedReader output) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher url = URL.matcher(line);
            if (url.find()) {
                return url.group();
            }
        }
        throw new IOException("the server ended without naming its address");
    }

    private double secondsToFirstToken(String url) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                .timeout(Duration.ofMinutes(1))
                .POST(HttpRequest.BodyPublishers.ofString(CHAT))
                .build();
        long begin = System.nanoTime();
        double first = -1;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                http.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (first < 0 && line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
                    first = secondsSince(begin);
                }
            }
        }
        if (first < 0) {
            throw new IOException("the server sent no text");
        }
        return first;
    }

    private void print() {
        System.out.printf(Locale.ROOT, "%-46s %8s %8s %10s%n", "", "best s", "median s", "x empty JVM");
        double unit = median(emptyJava);
        row("empty Java program (java -version)", emptyJava, unit);
        row("start to ready, empty home (installs backend)", firstStart, unit);
        row("start to ready, used home", laterStart, unit);
        row("first token, backend not running yet", firstToken, unit);
        row("first token, backend running", nextFirstToken, unit);
        row("stop", stop, unit);
    }

    private static void row(String name, List<Double> seconds, double unit) {
        double best = seconds.stream().mapToDouble(value -> value).min().orElseThrow();
        System.out.printf(
                Locale.ROOT, "%-46s %8.3f %8.3f %10.1f%n", name, best, median(seconds), median(seconds) / unit);
    }

    private static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(value -> value).toArray();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }
}
