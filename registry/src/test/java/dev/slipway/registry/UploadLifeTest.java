package dev.slipway.registry;

import static dev.slipway.registry.RawClient.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Digest;
import dev.slipway.http.HttpServerOptions;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.registry.RawClient.Answer;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uploads that outlive their server, and the limits that keep one client from harming others. */
class UploadLifeTest {
    private static final byte[] BLOB = TestImages.noise(5, 500_000);
    private static final Digest DIGEST = Digest.sha256(BLOB);

    @TempDir
    Path folder;

    @Test
    void goesOnAfterTheServerWasKilled() throws Exception {
        String location;
        try (ServerProcess server = ServerProcess.start(folder);
                RawClient client = new RawClient(server.address())) {
            location = client.begin("a");
            assertThat(client.send("PATCH", location, Arrays.copyOf(BLOB, 123_456))
                            .status())
                    .isEqualTo(202);
            server.kill();
        }
        try (ServerProcess server = ServerProcess.start(folder);
                RawClient client = new RawClient(server.address())) {
            assertThat(client.get(location).header("Range")).isEqualTo("0-123455");
            byte[] rest = Arrays.copyOfRange(BLOB, 123_456, BLOB.length);
            Answer end = client.send("PUT", with(location, "digest=" + DIGEST), rest, "Content-Range", "123456-499999");
            assertThat(end.status()).isEqualTo(201);
            assertThat(client.get("/v2/a/blobs/" + DIGEST).body()).isEqualTo(BLOB);
        }
    }

    @Test
    void goesOnInAnotherProcessOverTheSameStore() throws Exception {
        try (EphemeralRegistry one = EphemeralRegistry.start(DiskContentStore.open(folder));
                EphemeralRegistry two = EphemeralRegistry.start(DiskContentStore.open(folder));
                RawClient first = new RawClient(one.address());
                RawClient second = new RawClient(two.address())) {
            String location = first.begin("a");
            first.send("PATCH", location, Arrays.copyOf(BLOB, 1000));
            second.send("PATCH", location, Arrays.copyOfRange(BLOB, 1000, 3000));
            byte[] rest = Arrays.copyOfRange(BLOB, 3000, BLOB.length);
            assertThat(first.send("PUT", with(location, "digest=" + DIGEST), rest)
                            .status())
                    .isEqualTo(201);
            assertThat(second.get("/v2/a/blobs/" + DIGEST).body()).isEqualTo(BLOB);
            second.send("DELETE", "/v2/a/blobs/" + DIGEST);
            assertThat(first.get("/v2/a/blobs/" + DIGEST).status()).isEqualTo(404);
        }
    }

    @Test
    void countsWhatCameBeforeTheClientWasCutOff() throws Exception {
        try (EphemeralRegistry registry = EphemeralRegistry.start(DiskContentStore.open(folder));
                RawClient client = new RawClient(registry.address())) {
            String location = client.begin("a");
            try (Socket socket = raw(
                    registry.address(),
                    "PATCH " + location + " HTTP/1.1\r\nHost: x\r\nContent-Length: 500000\r\n\r\n")) {
                socket.getOutputStream().write(BLOB, 0, 100_000);
                socket.getOutputStream().flush();
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(
                            () -> assertThat(client.get(location).status()).isEqualTo(204));
            int came = Integer.parseInt(client.get(location).header("Range").substring(2)) + 1;
            byte[] rest = Arrays.copyOfRange(BLOB, came, BLOB.length);
            assertThat(client.send("PUT", with(location, "digest=" + DIGEST), rest)
                            .status())
                    .isEqualTo(201);
        }
    }

    private static Socket raw(URI address, String head) throws IOException {
        Socket socket = new Socket(address.getHost(), address.getPort());
        socket.setSoTimeout(30_000);
        socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
        return socket;
    }

    @Test
    void takesTheSameBlobFromManyAtOnceAndKeepsOne() throws Exception {
        try (EphemeralRegistry registry = EphemeralRegistry.start(DiskContentStore.open(folder));
                RawClient client = new RawClient(registry.address());
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> pushes = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                String path = "/v2/a" + i % 3 + "/blobs/uploads/?digest=" + DIGEST;
                pushes.add(() -> client.send("POST", path, BLOB).status());
            }
            for (Future<Integer> status : clients.invokeAll(pushes)) {
                assertThat(status.get()).isEqualTo(201);
            }
            assertThat(client.get("/v2/a0/blobs/" + DIGEST).body()).isEqualTo(BLOB);
        }
        try (Stream<Path> blobs = Files.list(folder.resolve("blobs/sha256"));
                Stream<Path> uploads = Files.list(folder.resolve("uploads"))) {
            assertThat(blobs).hasSize(1);
            assertThat(uploads).isEmpty();
        }
    }

    @Test
    void refusesBlobsAboveTheLimit() {
        RegistryLimits small = new RegistryLimits(new ByteSize(1000), 1, 10, Duration.ofHours(1));
        try (EphemeralRegistry registry = EphemeralRegistry.start(
                        new MemoryContentStore(), RegistryOptions.defaults().withLimits(small));
                RawClient client = new RawClient(registry.address())) {
            Answer announced = client.send("POST", "/v2/a/blobs/uploads/?digest=" + DIGEST, BLOB);
            assertThat(announced.status()).isEqualTo(413);
            String location = client.begin("a");
            assertThat(client.send("PATCH", location, Arrays.copyOf(BLOB, 900)).status())
                    .isEqualTo(202);
            assertThat(client.send("PATCH", location, Arrays.copyOf(BLOB, 101)).status())
                    .isEqualTo(413);
        }
    }

    @Test
    void refusesMoreUploadsAtOnceThanItTakes() throws Exception {
        RegistryLimits one = new RegistryLimits(ByteSize.ofMebibytes(1), 1, 10, Duration.ofHours(1));
        try (EphemeralRegistry registry = EphemeralRegistry.start(
                        new MemoryContentStore(), RegistryOptions.defaults().withLimits(one));
                RawClient client = new RawClient(registry.address());
                Socket slow = raw(
                        registry.address(),
                        "PATCH " + client.begin("a") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx")) {
            String location = client.begin("a");
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                Answer refused = client.send("PATCH", location, new byte[] {1});
                assertThat(refused.status()).isEqualTo(429);
                assertThat(refused.header("Retry-After")).isEqualTo("1");
            });
            slow.shutdownOutput();
            slow.getInputStream().close();
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(client.send("PATCH", location, new byte[] {1})
                                    .status())
                            .isEqualTo(202));
        }
    }

    @Test
    void doesNotWaitForSilentClients() throws Exception {
        HttpServerOptions impatient = HttpServerOptions.loopback().withIdleTimeout(Duration.ofMillis(300));
        try (RegistryServer server =
                        RegistryServer.start(new MemoryContentStore(), RegistryOptions.defaults(), impatient);
                RawClient client = new RawClient(server.uri());
                Socket silent = raw(
                        server.uri(),
                        "PATCH " + client.begin("a") + " HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nx")) {
            String answer = new String(silent.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            assertThat(answer).startsWith("HTTP/1.1 408 ");
        }
    }
}
