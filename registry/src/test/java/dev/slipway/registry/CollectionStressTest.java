package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.content.CollectOptions;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.registry.RawClient.Answer;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Pushes, mounts, moved tags and deletes through two processes while a third collects without a pause and without mercy for
 * the young. Each client knows what its tags must name; in the end all of it is there, whole.
 */
class CollectionStressTest {
    private static final int CLIENTS = 4;

    @TempDir
    Path folder;

    private final AtomicBoolean stop = new AtomicBoolean();

    @Test
    void losesNothingThatIsNeeded() throws Exception {
        stress(25);
    }

    @Test
    @Tag("stress")
    void losesNothingThatIsNeededForLong() throws Exception {
        stress(2000);
    }

    private void stress(int rounds) throws Exception {
        try (ServerProcess one = ServerProcess.start(folder);
                ServerProcess two = ServerProcess.start(folder)) {
            List<URI> servers = List.of(one.address(), two.address());
            report("without collection", run(servers, rounds, "quiet"));
            int collections;
            try (ExecutorService collector = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<Integer> collecting = collector.submit(this::collect);
                report("with collection", run(servers, rounds, "busy"));
                stop.set(true);
                collections = collecting.get();
            }
            assertThat(collections).isPositive();
        }
    }

    private int collect() {
        DiskContentStore store = DiskContentStore.open(folder);
        CollectOptions merciless =
                CollectOptions.defaults().withMinAge(Duration.ZERO).withoutUntagged();
        int times = 0;
        while (!stop.get()) {
            store.collect(merciless, ProgressListener.NONE, Cancellation.never());
            times++;
        }
        return times;
    }

    private static void report(String what, List<Long> micros) {
        Collections.sort(micros);
        System.out.printf(
                Locale.ROOT,
                "%d pushes %s: median %.1f ms, p99 %.1f ms%n",
                micros.size(),
                what,
                micros.get(micros.size() / 2) / 1000.0,
                micros.get(micros.size() * 99 / 100) / 1000.0);
    }

    private List<Long> run(List<URI> servers, int rounds, String name) throws Exception {
        List<Future<List<Long>>> clients = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                String repository = name + "/client" + i;
                int seed = i;
                clients.add(threads.submit(() -> client(servers, repository, rounds, new Random(seed))));
            }
            List<Long> all = new ArrayList<>();
            for (Future<List<Long>> client : clients) {
                all.addAll(client.get());
            }
            return all;
        }
    }

    private static List<Long> client(List<URI> servers, String repository, int rounds, Random random) {
        Map<String, byte[]> expected = new TreeMap<>();
        List<Long> times = new ArrayList<>();
        try (RawClient one = new RawClient(servers.getFirst());
                RawClient two = new RawClient(servers.getLast())) {
            for (int round = 0; round < rounds; round++) {
                RawClient pushing = random.nextBoolean() ? one : two;
                RawClient reading = random.nextBoolean() ? one : two;
                String tag = "t" + random.nextInt(5);
                if (random.nextInt(4) == 0 && expected.remove(tag) != null) {
                    assertThat(pushing.send("DELETE", "/v2/" + repository + "/manifests/" + tag)
                                    .status())
                            .isEqualTo(202);
                    assertThat(reading.get("/v2/" + repository + "/manifests/" + tag)
                                    .status())
                            .isEqualTo(404);
                } else {
                    long begin = System.nanoTime();
                    expected.put(tag, push(pushing, repository, tag, random));
                    times.add((System.nanoTime() - begin) / 1000);
                    requireWhole(reading, repository, tag, expected.get(tag));
                }
            }
            expected.forEach((tag, manifest) -> requireWhole(two, repository, tag, manifest));
        }
        return times;
    }

    /** Few different layers, so that they are found, mounted, collected and pushed again all the time. */
    private static byte[] push(RawClient client, String repository, String tag, Random random) {
        List<String> layers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            byte[] layer = TestImages.noise(random.nextInt(8), 5000);
            Digest digest = Digest.sha256(layer);
            bring(client, repository, digest, layer);
            layers.add(Documents.descriptor(Documents.LAYER, digest, layer.length));
        }
        byte[] config = TestImages.noise(random.nextInt(3), 200);
        bring(client, repository, Digest.sha256(config), config);
        byte[] manifest = Documents.manifest(
                Documents.descriptor(Documents.CONFIG, Digest.sha256(config), config.length), layers, "");
        Answer answer = client.pushManifest(repository, tag, RawClient.MANIFEST, manifest);
        assertThat(answer.status()).as(answer.text()).isEqualTo(201);
        return manifest;
    }

    /** As clients do: ask, mount, and send only what is not there. */
    private static void bring(RawClient client, String repository, Digest digest, byte[] bytes) {
        if (client.head("/v2/" + repository + "/blobs/" + digest).status() == 200) {
            return;
        }
        Answer mounted = client.send("POST", "/v2/" + repository + "/blobs/uploads/?mount=" + digest);
        if (mounted.status() != 201) {
            Answer end = client.send("PUT", RawClient.with(mounted.header("Location"), "digest=" + digest), bytes);
            assertThat(end.status()).as(end.text()).isEqualTo(201);
        }
    }

    private static void requireWhole(RawClient client, String repository, String tag, byte[] manifest) {
        Answer answer = client.get("/v2/" + repository + "/manifests/" + tag);
        assertThat(answer.body())
                .as(repository + ":" + tag + " " + answer.text())
                .isEqualTo(manifest);
        Matcher digests = Pattern.compile("sha256:[0-9a-f]{64}").matcher(answer.text());
        while (digests.find()) {
            Answer blob = client.get("/v2/" + repository + "/blobs/" + digests.group());
            assertThat(blob.status()).as(digests.group()).isEqualTo(200);
            assertThat(Digest.sha256(blob.body())).hasToString(digests.group());
        }
    }
}
