package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.base.Digest;
import dev.slipway.registry.RawClient.Answer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Eight clients push while the server is killed again and again: nothing acknowledged is lost, nothing visible is wrong. */
class KilledServerTest {
    private static final int CLIENTS = 8;
    private static final int KILLS = 4;
    private static final int ACKNOWLEDGED_BETWEEN_KILLS = 12;

    @TempDir
    Path folder;

    private final AtomicReference<URI> address = new AtomicReference<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicInteger acknowledged = new AtomicInteger();
    private final Map<String, Digest> tags = new ConcurrentHashMap<>();
    private final Map<Digest, String> blobs = new ConcurrentHashMap<>();

    @Test
    void losesNothingAndShowsNothingWrong() throws Exception {
        CountDownLatch ended = new CountDownLatch(CLIENTS);
        ServerProcess server = ServerProcess.start(folder);
        address.set(server.address());
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                clients.execute(() -> {
                    try {
                        push(number);
                    } finally {
                        ended.countDown();
                    }
                });
            }
            for (int kill = 1; kill <= KILLS; kill++) {
                int goal = kill * ACKNOWLEDGED_BETWEEN_KILLS;
                await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.get() >= goal);
                server.kill();
                server = ServerProcess.start(folder);
                address.set(server.address());
            }
            stop.set(true);
            assertThat(ended.await(120, TimeUnit.SECONDS)).isTrue();
        }
        try (ServerProcess last = server;
                RawClient client = new RawClient(last.address())) {
            tags.forEach((tag, digest) -> requireImage(client, tag, digest));
            blobs.forEach((digest, repository) -> {
                Answer answer = client.get("/v2/" + repository + "/blobs/" + digest);
                assertThat(answer.status()).isEqualTo(200);
                assertThat(Digest.sha256(answer.body())).isEqualTo(digest);
            });
        }
        try (Stream<Path> files = Files.list(folder.resolve("blobs/sha256"))) {
            for (Path file : files.toList()) {
                assertThat(Digest.sha256(file).hex())
                        .isEqualTo(file.getFileName().toString());
            }
        }
        assertThat(tags).hasSizeGreaterThanOrEqualTo(KILLS * ACKNOWLEDGED_BETWEEN_KILLS);
    }

    private static void requireImage(RawClient client, String tag, Digest digest) {
        Answer answer = client.get("/v2/many/clients/manifests/" + tag);
        assertThat(answer.status()).as(tag).isEqualTo(200);
        assertThat(Digest.sha256(answer.body())).isEqualTo(digest);
        assertThat(answer.header("Content-Type")).isEqualTo(RawClient.MANIFEST);
    }

    /** Pushes image after image; one that fails, because the server was killed, is left as it is. */
    private void push(int client) {
        Random random = new Random(client);
        for (int image = 0; !stop.get(); image++) {
            try (RawClient raw = new RawClient(address.get())) {
                pushImage(raw, random, client + "-" + image);
            } catch (AssertionError _) {
                // Killed in the middle; the next round speaks to the next process.
                Thread.onSpinWait();
            }
        }
    }

    private void pushImage(RawClient raw, Random random, String tag) {
        byte[] config = new byte[200];
        byte[] layer = new byte[random.nextInt(1, 300_000)];
        random.nextBytes(config);
        random.nextBytes(layer);
        for (byte[] blob : List.of(config, layer)) {
            String location = raw.begin("many/clients");
            int half = blob.length / 2;
            raw.send("PATCH", location, Arrays.copyOf(blob, half));
            Answer end = raw.send(
                    "PUT",
                    RawClient.with(location, "digest=" + Digest.sha256(blob)),
                    Arrays.copyOfRange(blob, half, blob.length));
            if (end.status() != 201) {
                throw new AssertionError("status " + end.status());
            }
            blobs.put(Digest.sha256(blob), "many/clients");
        }
        byte[] manifest = Documents.manifest(
                Documents.descriptor(Documents.CONFIG, Digest.sha256(config), config.length),
                List.of(Documents.descriptor(Documents.LAYER, Digest.sha256(layer), layer.length)),
                "");
        if (raw.pushManifest("many/clients", tag, RawClient.MANIFEST, manifest).status() == 201) {
            tags.put(tag, Digest.sha256(manifest));
            acknowledged.incrementAndGet();
        }
    }
}
