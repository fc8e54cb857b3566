package dev.slipway.registry.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.registry.EphemeralRegistry;
import dev.slipway.registry.RegistryOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that fetches what it does not have. */
class PullThroughTest {
    private static final String NAME = "/v2/org/app/";
    private static final String TAG = NAME + "manifests/1";

    @TempDir
    Path folder;

    private final MemoryContentStore far = new MemoryContentStore();
    private final FlakyUpstreams upstreams = new FlakyUpstreams(far);
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ContentStore near;
    private EphemeralRegistry registry;
    private Descriptor layer;

    @BeforeEach
    void start() {
        layer = publish(1);
        near = DiskContentStore.open(folder.resolve("near"));
        open(Duration.ofHours(1), false);
    }

    @AfterEach
    void stop() {
        registry.close();
        client.close();
    }

    private void open(Duration tagLife, boolean offline) {
        if (registry != null) {
            registry.close();
        }
        registry = EphemeralRegistry.start(
                near,
                RegistryOptions.defaults()
                        .withMirror(
                                MirrorOptions.of(upstreams).withTagLife(tagLife).withOffline(offline)));
    }

    /** Puts an image upstream and returns its only layer. */
    private Descriptor publish(int seed) {
        byte[] noise = new byte[600_000];
        new Random(seed).nextBytes(noise);
        Descriptor image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file(noise, "noise", false))
                .build((ContentStore) far);
        far.tag(FlakyUpstreams.HOST + "/org/app:1", image);
        ImageManifest manifest =
                (ImageManifest) ManifestDocument.parse(far.read(image.digest(), ManifestDocument.MAX_SIZE), "");
        return manifest.layers().getFirst();
    }

    private HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(URI.create(registry.address() + path))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                BodyHandlers.ofByteArray());
    }

    private static Digest digest(HttpResponse<byte[]> answer) {
        return Digest.sha256(answer.body());
    }

    private String layerPath() {
        return NAME + "blobs/" + layer.digest();
    }

    @Test
    void fetchesOnceAndServesFromThenOn() throws Exception {
        for (String query : List.of("", "?ns=" + FlakyUpstreams.HOST)) {
            HttpResponse<byte[]> manifest = get(TAG + query);
            assertThat(manifest.statusCode()).isEqualTo(200);
            assertThat(get(NAME + "manifests/" + digest(manifest) + query).body())
                    .isEqualTo(manifest.body());
            assertThat(digest(get(layerPath() + query))).isEqualTo(layer.digest());
        }
        assertThat(get("/v2/" + FlakyUpstreams.HOST + "/org/app/manifests/1").statusCode())
                .isEqualTo(200);
        assertThat(upstreams.manifests).hasValue(1);
        assertThat(upstreams.blobs).hasValue(1);
        assertThat(near.resolve(FlakyUpstreams.HOST + "/org/app:1")).isPresent();
        assertThat(get(NAME + "manifests/none").statusCode()).isEqualTo(404);
        assertThat(get(NAME + "blobs/" + Digest.sha256("none")).statusCode()).isEqualTo(404);
    }

    @Test
    void fetchesAManifestByItsDigest() throws Exception {
        Digest digest =
                far.resolve(FlakyUpstreams.HOST + "/org/app:1").orElseThrow().digest();
        assertThat(digest(get(NAME + "manifests/" + digest))).isEqualTo(digest);
        assertThat(digest(get(layerPath()))).isEqualTo(layer.digest());
    }

    @Test
    void asksUpstreamOnceForManyWhoWantTheSame() throws Exception {
        get(TAG);
        upstreams.gate = new CountDownLatch(1);
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<HttpResponse<byte[]>>> answers = IntStream.range(0, 20)
                    .mapToObj(_ -> clients.submit(() -> get(layerPath())))
                    .toList();
            await().until(() -> upstreams.blobs.get() == 1);
            upstreams.gate.countDown();
            for (Future<HttpResponse<byte[]>> answer : answers) {
                assertThat(digest(answer.get())).isEqualTo(layer.digest());
            }
        }
        assertThat(upstreams.blobs).hasValue(1);
    }

    @Test
    void givesOnWhatHasArrivedBeforeTheRestIsHere() throws Exception {
        get(TAG);
        upstreams.gate = new CountDownLatch(1);
        HttpResponse<InputStream> answer = client.send(
                HttpRequest.newBuilder(URI.create(registry.address() + layerPath()))
                        .build(),
                BodyHandlers.ofInputStream());
        try (InputStream in = answer.body()) {
            byte[] beginning = in.readNBytes(200_000);
            assertThat(beginning).hasSize(200_000);
            assertThat(near.has(layer.digest())).isFalse();
            upstreams.gate.countDown();
            byte[] rest = in.readAllBytes();
            assertThat(beginning.length + rest.length).isEqualTo((int) layer.size());
        }
        assertThat(near.has(layer.digest())).isTrue();
    }

    @Test
    void goesOnAtTheNextUpstreamWhereOneBrokeOff() throws Exception {
        get(TAG);
        upstreams.cutAt = 100_000;
        assertThat(digest(get(layerPath()))).isEqualTo(layer.digest());
        assertThat(upstreams.blobs).hasValue(2);
    }

    @Test
    void neverGivesOutWrongBytesAsAWholeBlob() throws Exception {
        get(TAG);
        upstreams.wrong = true;
        for (int i = 0; i < 10; i++) {
            assertThat(succeeds(layerPath())).isFalse();
            assertThat(near.has(layer.digest())).isFalse();
        }
        upstreams.wrong = false;
        await().until(() -> succeeds(layerPath()));
        assertThat(digest(get(layerPath()))).isEqualTo(layer.digest());
    }

    /** Depending on when the failure shows, a client sees an error or a broken connection. */
    private boolean succeeds(String path) throws InterruptedException {
        try {
            return get(path).statusCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    @Test
    void turnsToAnotherUpstreamWhenOneSendsWrongBytes() throws Exception {
        get(TAG);
        upstreams.wrongPlace = true;
        await().until(() -> succeeds(layerPath()));
        assertThat(digest(get(layerPath()))).isEqualTo(layer.digest());
    }

    @Test
    void asksAboutATagAgainAfterItsLifeByHead() throws Exception {
        open(Duration.ZERO, false);
        get(TAG);
        get(TAG);
        get(TAG);
        assertThat(upstreams.manifests).hasValue(1);
        assertThat(upstreams.heads).hasValue(2);
        publish(2);
        Digest moved =
                far.resolve(FlakyUpstreams.HOST + "/org/app:1").orElseThrow().digest();
        assertThat(digest(get(TAG))).isEqualTo(moved);
        assertThat(upstreams.manifests).hasValue(2);
    }

    @Test
    void servesWhatItHasWhenUpstreamIsDown() throws Exception {
        open(Duration.ZERO, false);
        Digest before = digest(get(TAG));
        upstreams.down = true;
        assertThat(digest(get(TAG))).isEqualTo(before);
        assertThat(get(NAME + "manifests/other").statusCode()).isEqualTo(502);
        assertThat(get(layerPath()).statusCode()).isEqualTo(502);
        upstreams.down = false;
        assertThat(digest(get(layerPath()))).isEqualTo(layer.digest());
    }

    @Test
    void asksNobodyWhenOffline() throws Exception {
        Digest before = digest(get(TAG));
        open(Duration.ZERO, true);
        upstreams.down = true;
        assertThat(digest(get(TAG))).isEqualTo(before);
        assertThat(get(NAME + "manifests/other").statusCode()).isEqualTo(404);
        assertThat(get(layerPath()).statusCode()).isEqualTo(404);
        assertThat(upstreams.heads).hasValue(0);
    }

    @Test
    void refusesPushesToWhatItMirrors() throws Exception {
        HttpResponse<byte[]> answer = client.send(
                HttpRequest.newBuilder(URI.create(registry.address() + NAME + "blobs/uploads/"))
                        .POST(BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(405);
    }

    @Test
    void givesRangesOfWhatItHasToFetchFirst() throws Exception {
        get(TAG);
        HttpResponse<byte[]> part = client.send(
                HttpRequest.newBuilder(URI.create(registry.address() + layerPath()))
                        .header("Range", "bytes=10-19")
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).hasSize(10);
    }
}
