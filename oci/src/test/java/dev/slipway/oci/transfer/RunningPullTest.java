package dev.slipway.oci.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.faults.Fault;
import dev.slipway.oci.faults.FaultyRegistry;
import dev.slipway.oci.faults.RawRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class RunningPullTest {
    private static final Retry FAST = new Retry(3, Duration.ofMillis(1), Duration.ofMillis(2));
    private static final Cancellation NEVER = Cancellation.never();

    @TempDir
    Path folder;

    private final MemoryContentStore upstream = new MemoryContentStore();
    private final Fetcher fetcher = Fetcher.create(FetchOptions.defaults());
    private FaultyRegistry registry;
    private ContentStore store;
    private Descriptor image;

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start(upstream);
        store = DiskContentStore.open(folder.resolve("content"));
        image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(noise("bottom"))
                .layer(noise("middle"))
                .layer(noise("top"))
                .build(upstream);
        upstream.tag("1", image);
    }

    @AfterEach
    void stop() {
        registry.close();
        fetcher.close();
    }

    private static LayerBuilder noise(String name) {
        byte[] bytes = new byte[1 << 20];
        new Random(name.hashCode()).nextBytes(bytes);
        return new LayerBuilder().file(bytes, name, false);
    }

    private RunningPull begin(int concurrency) {
        return begin(concurrency, NEVER);
    }

    private RunningPull begin(int concurrency, Cancellation cancellation) {
        PullOptions options =
                PullOptions.defaults().withPlatform(Platform.linux("amd64")).withConcurrency(concurrency);
        return new Puller(fetcher, FAST).start(reference(), options, store, ProgressListener.NONE, cancellation);
    }

    private ImageReference reference() {
        return ImageReference.parse(registry.host() + "/a/b:1");
    }

    private static boolean asksFor(RawRequest request, Descriptor blob) {
        return request.path().endsWith(blob.digest().toString());
    }

    @Test
    void fetchesTheTopLayerFirst() {
        try (RunningPull pull = begin(1)) {
            List<Descriptor> layers = pull.manifest().layers();
            pull.await();

            assertThat(registry.requests().stream().filter(RawRequest::isBlob))
                    .extracting(request -> request.path().replaceFirst(".*/", ""))
                    .containsExactly(
                            pull.manifest().config().digest().toString(),
                            layers.get(2).digest().toString(),
                            layers.get(1).digest().toString(),
                            layers.get(0).digest().toString());
        }
    }

    @Test
    void letsALayerBeReadWhileItArrives() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        registry.plan(request -> request.isBlob() ? new Fault.Pause(600_000, release) : Fault.NONE);
        try (RunningPull pull = begin(4)) {
            Descriptor top = pull.manifest().layers().getLast();
            assertThat(pull.config().diffIds()).hasSize(3);
            try (InputStream in = pull.layers().open(top, NEVER)) {
                byte[] half = in.readNBytes(600_000);
                assertThat(store.has(top.digest())).isFalse();

                release.countDown();
                byte[] rest = in.readAllBytes();

                assertThat(store.has(top.digest()))
                        .as("at rest when its end is seen")
                        .isTrue();
                assertThat(half.length + rest.length).isEqualTo((int) top.size());
                assertThat(store.open(top.digest()).readNBytes(600_000)).isEqualTo(half);
            }
            try (InputStream again = pull.layers().open(top, NEVER)) {
                assertThat(again.readAllBytes()).hasSize((int) top.size());
            }
            assertThat(store.names()).isEmpty();

            assertThat(pull.await().manifestDigest()).isEqualTo(image.digest());
            assertThat(store.names()).containsExactly(reference().toString());
        }
    }

    @Test
    void followsABlobThatIsCutAndGoesOn() throws IOException {
        registry.plan(
                request -> request.isBlob() && request.header("range").isEmpty() ? new Fault.Cut(300_000) : Fault.NONE);
        try (RunningPull pull = begin(4)) {
            for (Descriptor layer : pull.manifest().layers().reversed()) {
                try (InputStream in = pull.layers().open(layer, NEVER)) {
                    assertThat(in.readAllBytes())
                            .isEqualTo(upstream.open(layer.digest()).readAllBytes());
                }
            }
            pull.await();
        }
    }

    @Test
    void tellsReadersWhenABlobProvesWrongAndBeginsAnew() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        registry.plan(request -> !request.isBlob()
                ? Fault.NONE
                : request.header("range").isEmpty() ? new Fault.Pause(500_000, release) : new Fault.IgnoresRange());
        Descriptor top;
        try (RunningPull pull = begin(4)) {
            top = pull.manifest().layers().getLast();
            try (InputStream in = pull.layers().open(top, NEVER)) {
                in.readNBytes(400_000);
            }
        }
        release.countDown();
        registry.plan(request -> asksFor(request, top) ? new Fault.IgnoresRange() : Fault.NONE);
        try (RunningPull pull = begin(4);
                InputStream in = pull.layers().open(top, NEVER)) {
            // Either nothing was read yet when it began anew, or the reader is told.
            try {
                assertThat(in.readAllBytes()).hasSize((int) top.size());
            } catch (CodedException e) {
                assertThat(e.code()).isEqualTo("oci.arrival-restarted");
            }
            pull.await();
        }
        assertThat(store.has(top.digest())).isTrue();
    }

    @Test
    void failsReadersWithWhatFailedThePull() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        List<Descriptor> layers;
        try (RunningPull pull = begin(1)) {
            layers = pull.manifest().layers();
        }
        registry.plan(request -> asksFor(request, layers.get(0))
                ? Fault.Status.of(404)
                : request.isBlob() ? new Fault.Pause(1000, release) : Fault.NONE);
        try (RunningPull pull = begin(4);
                InputStream in = pull.layers().open(layers.get(2), NEVER)) {
            assertThatThrownBy(in::readAllBytes).hasMessageContaining("answered 404");
            assertThatThrownBy(pull::await).hasMessageContaining("answered 404");
        }
        assertThat(store.names()).isEmpty();
        release.countDown();
    }

    @Test
    void endsAtOnceWhenCancelled() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        registry.plan(request ->
                request.isBlob() && request.path().contains("/blobs/") ? new Fault.Pause(10_000, release) : Fault.NONE);
        Cancellation cancellation = new Cancellation();
        try (RunningPull pull = begin(4, cancellation);
                InputStream in = pull.layers().open(pull.manifest().layers().getLast(), cancellation)) {
            in.readNBytes(5_000);
            long start = System.nanoTime();
            cancellation.cancel();
            assertThatThrownBy(in::readAllBytes).hasMessage("Cancelled.");
            assertThatThrownBy(pull::await).hasMessage("Cancelled.");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
        } finally {
            release.countDown();
        }
    }
}
