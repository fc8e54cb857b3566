package dev.slipway.bench.registry;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Manifest GETs, one large blob down and up, and many small pushes, against our registry and Debian's docker-registry, in turn
 * and with the same client. Each tag is resolved anew for each GET.
 *
 * <p>Arguments: a working folder, the number of rounds, and the command that is our launcher.
 */
public final class RegistryBenchmark {
    private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    private static final String BYTES = "application/octet-stream";
    private static final int LARGE = 100_000_000;
    private static final int CLIENTS = 4;
    private static final int PUSHES = 1000;
    private static final long MEASURE_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Map<String, Map<String, List<Double>>> figures = new TreeMap<>();
    private final byte[] large = new byte[LARGE];
    private final Random random = new Random(7);

    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 3) {
            System.err.println("usage: RegistryBenchmark FOLDER ROUNDS LAUNCHER...");
            System.exit(2);
        }
        Path folder = Path.of(arguments[0]);
        List<String> launcher = List.of(arguments).subList(2, arguments.length);
        new RegistryBenchmark().run(folder, Integer.parseInt(arguments[1]), launcher);
    }

    private void run(Path folder, int rounds, List<String> launcher) throws Exception {
        random.nextBytes(large);
        Path own = Files.createTempDirectory(Files.createDirectories(folder), "registry-");
        try (Contender ours = Contender.slipway(own.resolve("slipway"), launcher);
                Contender theirs = Contender.dockerRegistry(own.resolve("docker"))) {
            for (int round = 0; round <= rounds; round++) {
                for (Contender contender : List.of(ours, theirs)) {
                    // The first round warms both up.
                    measure(contender, round, round > 0);
                }
            }
            print(ours.name, theirs.name);
        } finally {
            AtomicFiles.deleteRecursively(own);
        }
    }

    private void measure(Contender contender, int round, boolean counts) throws Exception {
        Map<String, Double> found = new TreeMap<>();
        found.put("upload MB/s", upload(contender, round));
        found.put("download MB/s", download(contender));
        found.put("pushes/s", pushes(contender, round));
        found.put("manifest GETs/s", manifestGets(contender));
        if (counts) {
            found.forEach((what, value) -> figures.computeIfAbsent(what, _ -> new TreeMap<>())
                    .computeIfAbsent(contender.name, _ -> new ArrayList<>())
                    .add(value));
        }
    }

    private double upload(Contender contender, int round) throws IOException {
        large[0] = (byte) round;
        large[1] = (byte) contender.name.length();
        Digest digest = Digest.sha256(large);
        try (HttpLine line = new HttpLine(contender.port)) {
            long begin = System.nanoTime();
            require(202, line.send("POST", "/v2/bench/large/blobs/uploads/", BYTES, new byte[0]));
            require(201, line.send("PUT", with(line.location(), "digest=" + digest), BYTES, large));
            return LARGE / 1e6 / seconds(begin);
        }
    }

    private double download(Contender contender) throws IOException {
        byte[] request = HttpLine.getRequest("/v2/bench/large/blobs/" + Digest.sha256(large));
        int times = 10;
        try (HttpLine line = new HttpLine(contender.port)) {
            require(200, line.get(request));
            long begin = System.nanoTime();
            for (int i = 0; i < times; i++) {
                require(200, line.get(request));
            }
            return times * (LARGE / 1e6) / seconds(begin);
        }
    }

    private double pushes(Contender contender, int round) throws Exception {
        long begin = System.nanoTime();
        everyClient(client -> {
            try (HttpLine line = new HttpLine(contender.port)) {
                Random own = new Random(round * 100L + client);
                for (int i = 0; i < PUSHES / CLIENTS; i++) {
                    pushImage(line, own, "t" + client + "-" + i);
                }
            }
            return 0L;
        });
        return PUSHES / seconds(begin);
    }

    private static void pushImage(HttpLine line, Random own, String tag) throws IOException {
        byte[] config = new byte[300];
        byte[] layer = new byte[4000];
        own.nextBytes(config);
        own.nextBytes(layer);
        for (byte[] blob : List.of(config, layer)) {
            require(202, line.send("POST", "/v2/bench/small/blobs/uploads/", BYTES, new byte[0]));
            require(201, line.send("PUT", with(line.location(), "digest=" + Digest.sha256(blob)), BYTES, blob));
        }
        require(201, line.send("PUT", "/v2/bench/small/manifests/" + tag, MANIFEST, manifest(config, layer)));
    }

    private static byte[] manifest(byte[] config, byte[] layer) {
        return ("{\"schemaVersion\":2,\"mediaType\":\"" + MANIFEST + "\",\"config\":"
                        + descriptor("application/vnd.oci.image.config.v1+json", config) + ",\"layers\":["
                        + descriptor("application/vnd.oci.image.layer.v1.tar+gzip", layer) + "]}")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String descriptor(String mediaType, byte[] bytes) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + Digest.sha256(bytes) + "\",\"size\":"
                + bytes.length + "}";
    }

    private double manifestGets(Contender contender) throws Exception {
        byte[] request = HttpLine.getRequest("/v2/bench/small/manifests/t0-0");
        long begin = System.nanoTime();
        long count = everyClient(_ -> {
            long own = 0;
            try (HttpLine line = new HttpLine(contender.port)) {
                while (System.nanoTime() - begin < MEASURE_NANOS) {
                    require(200, line.get(request));
                    own++;
                }
            }
            return own;
        });
        return count / seconds(begin);
    }

    /** What one client does; returns what it counted. */
    private interface Client {
        long run(int number) throws IOException;
    }

    private static long everyClient(Client client) throws Exception {
        List<Callable<Long>> jobs = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            jobs.add(() -> client.run(number));
        }
        long sum = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
            for (Future<Long> counted : threads.invokeAll(jobs)) {
                sum += counted.get();
            }
        }
        return sum;
    }

    private static void require(int expected, int status) {
        if (status != expected) {
            throw new IllegalStateException("answered with " + status + ", not " + expected);
        }
    }

    private static String with(String location, String parameter) {
        return location + (location.contains("?") ? "&" : "?") + parameter;
    }

    private static double seconds(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    private void print(String ours, String theirs) {
        System.out.printf(Locale.ROOT, "%-18s %12s %16s %8s   medians%n", "", ours, theirs, "ratio");
        figures.forEach((what, values) -> {
            double mine = median(values.getOrDefault(ours, List.of()));
            double other = median(values.getOrDefault(theirs, List.of()));
            System.out.printf(Locale.ROOT, "%-18s %12.0f %16.0f %8.2f%n", what, mine, other, mine / other);
        });
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2);
    }
}
