package dev.slipway.oci.content;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentStoreStressTest {
    private static final CollectOptions NOW = CollectOptions.defaults()
            .withMinAge(Duration.ZERO)
            .withAbandonedAfter(Duration.ZERO)
            .withoutUntagged();

    @TempDir
    Path folder;

    @Test
    void agreesWithItsModelWhileTwoProcessesWork() throws Exception {
        runTogether(2, 150, new Random().nextLong());
    }

    @Test
    @Tag("stress")
    void agreesWithItsModelWhileFourProcessesWorkForLong() throws Exception {
        runTogether(4, 6000, new Random().nextLong());
    }

    @Test
    void losesNothingAcknowledgedWhenProcessesAreKilled() throws Exception {
        killAgainAndAgain(4, new Random().nextLong());
    }

    @Test
    @Tag("stress")
    void losesNothingAcknowledgedWhenProcessesAreKilledManyTimes() throws Exception {
        killAgainAndAgain(150, new Random().nextLong());
    }

    private void runTogether(int processes, int steps, long seed) throws Exception {
        System.Logger log = System.getLogger(ContentStoreStressTest.class.getName());
        log.log(System.Logger.Level.INFO, "seed {0}", Long.toString(seed));
        List<Worker> workers = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
            workers.add(new Worker("" + i, seed + i, steps));
        }
        for (Worker worker : workers) {
            assertThat(worker.waitFor(Duration.ofMinutes(20)))
                    .as("seed %s: %s", seed, worker.errors())
                    .isZero();
        }
        Map<String, String> expected = new HashMap<>();
        workers.forEach(worker -> expected.putAll(worker.acknowledged));
        check(expected, Map.of(), seed);
    }

    private void killAgainAndAgain(int rounds, long seed) throws Exception {
        Random random = new Random(seed);
        Map<String, String> expected = new HashMap<>();
        for (int round = 0; round < rounds; round++) {
            List<Worker> workers =
                    List.of(new Worker("a", random.nextLong(), 0), new Worker("b", random.nextLong(), 0));
            Map<String, String> perhaps = new HashMap<>();
            for (Worker worker : workers) {
                worker.awaitSteps(random.nextInt(1, 60));
                worker.kill();
                assertThat(worker.errors()).as("seed %s", seed).isEmpty();
                expected.putAll(worker.acknowledged);
                perhaps.putAll(worker.begun);
            }
            check(expected, perhaps, seed);
            DiskContentStore store = DiskContentStore.open(folder);
            perhaps.keySet()
                    .forEach(name -> expected.put(
                            name,
                            store.resolve(name)
                                    .map(it -> it.digest().toString())
                                    .orElse("none")));
        }
    }

    /** What is visible is right, what was acknowledged is there, and what nothing needs can be removed. */
    private void check(Map<String, String> expected, Map<String, String> perhaps, long seed) throws Exception {
        DiskContentStore store = DiskContentStore.open(folder);
        assertThat(store.verify(store.blobs(), ProgressListener.NONE, Cancellation.never())
                        .damaged())
                .as("seed %s", seed)
                .isEmpty();
        expected.forEach((name, digest) -> assertThat(store.resolve(name)
                        .map(descriptor -> descriptor.digest().toString())
                        .orElse("none"))
                .as("seed %s: %s", seed, name)
                .isIn(digest, perhaps.getOrDefault(name, digest)));
        store.references()
                .forEach(reference -> StressWorker.requireComplete(store, reference.name(), reference.descriptor()));
        Set<Digest> needed = new HashSet<>();
        store.references().forEach(reference -> addNeeded(store, reference.descriptor(), needed));
        Instant deadline = Instant.now().plusSeconds(30);
        while (!new HashSet<>(store.blobs()).equals(needed)) {
            // Leases and holds of those who have died end within two seconds.
            store.collect(NOW, ProgressListener.NONE, Cancellation.never());
            assertThat(Instant.now())
                    .as("seed %s: all garbage is removed by then", seed)
                    .isBefore(deadline);
        }
        for (String subfolder : List.of("ingest", "aside")) {
            store.collect(NOW, ProgressListener.NONE, Cancellation.never());
            if (Files.exists(folder.resolve(subfolder))) {
                try (var files = Files.list(folder.resolve(subfolder))) {
                    assertThat(files.filter(
                                    file -> !file.getFileName().toString().startsWith("reference-")))
                            .as("seed %s", seed)
                            .isEmpty();
                }
            }
        }
    }

    private static void addNeeded(ContentStore store, Descriptor descriptor, Set<Digest> needed) {
        needed.add(descriptor.digest());
        if (MediaTypes.isManifest(descriptor.mediaType())) {
            byte[] bytes = store.read(descriptor.digest(), dev.slipway.oci.ManifestDocument.MAX_SIZE);
            var manifest = (dev.slipway.oci.ImageManifest)
                    dev.slipway.oci.ManifestDocument.parse(bytes, descriptor.mediaType());
            needed.add(manifest.config().digest());
            manifest.layers().forEach(layer -> needed.add(layer.digest()));
        }
    }

    /** A child process and what it has said. */
    private final class Worker {
        final Map<String, String> acknowledged = new HashMap<>();
        final Map<String, String> begun = new HashMap<>();
        private final Process process;
        private final BufferedReader output;
        private final Path errors;

        Worker(String id, long seed, int steps) throws IOException {
            errors = Files.createTempFile("slipway-stress", ".log");
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Xmx128m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            StressWorker.class.getName(),
                            folder.toString(),
                            id,
                            "" + seed,
                            "" + steps)
                    .redirectError(errors.toFile())
                    .start();
            output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        int waitFor(Duration patience) throws Exception {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                hear(line);
            }
            if (!process.waitFor(patience.toSeconds(), TimeUnit.SECONDS)) {
                kill();
            }
            return process.exitValue();
        }

        void awaitSteps(int steps) throws IOException {
            int heard = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                hear(line);
                if (++heard >= steps) {
                    return;
                }
            }
        }

        void kill() throws Exception {
            // By its handle: the other way closes the pipe at once.
            process.toHandle().destroyForcibly();
            // What it wrote before it died counts.
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                hear(line);
            }
            process.waitFor();
        }

        private void hear(String line) {
            String[] words = line.split(" ");
            if (words.length == 3 && words[0].equals("begin")) {
                begun.put(words[1], words[2]);
            } else if (words.length == 3) {
                begun.remove(words[1]);
                acknowledged.put(words[1], words[2]);
            }
        }

        String errors() throws IOException {
            return Files.readString(errors).strip();
        }
    }
}
