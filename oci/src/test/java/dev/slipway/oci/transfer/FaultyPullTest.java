package dev.slipway.oci.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener.Progress;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.faults.Fault;
import dev.slipway.oci.faults.FaultyRegistry;
import dev.slipway.oci.faults.RawRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong on the way, a pull ends right, or it fails, says why, and leaves nothing behind that is not true. */
@Timeout(60)
class FaultyPullTest {
    private static final Retry FAST = new Retry(3, Duration.ofMillis(1), Duration.ofMillis(2));
    private static final int LAYER = 4 << 20;
    private static final long MIB = 1 << 20;

    @TempDir
    Path folder;

    private final MemoryContentStore upstream = new MemoryContentStore();
    private final Fetcher fetcher = Fetcher.create(
            FetchOptions.defaults().withStall(Duration.ofMillis(300)).withAnswer(Duration.ofSeconds(5)));
    private final CountDownLatch testEnds = new CountDownLatch(1);
    private FaultyRegistry registry;
    private FaultyRegistry other;
    private Descriptor image;

    /** A fault, by name; what it is, for each request and its number; and whether a pull gets through it. */
    private record Trial(String name, boolean passes, Function<CountDownLatch, Function<Call, Fault>> plan) {
        static Trial of(String name, boolean passes, Function<Call, Fault> plan) {
            return new Trial(name, passes, _ -> plan);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private record Call(RawRequest request, int number) {
        Fault onBlobs(Fault fault) {
            return request.isBlob() ? fault : Fault.NONE;
        }

        Fault sometimes(Fault fault) {
            return number % 3 == 0 ? fault : Fault.NONE;
        }

        boolean first() {
            return request.header("range").isEmpty();
        }
    }

    static List<Trial> trials() {
        return List.of(
                Trial.of("hang-ups now and then", true, call -> call.sometimes(new Fault.Hangup())),
                Trial.of("500 now and then", true, call -> call.sometimes(Fault.Status.of(500))),
                Trial.of("502 now and then", true, call -> call.sometimes(Fault.Status.of(502))),
                Trial.of("408 now and then", true, call -> call.sometimes(Fault.Status.of(408))),
                Trial.of("522 now and then", true, call -> call.sometimes(Fault.Status.of(522))),
                Trial.of(
                        "429, try at once",
                        true,
                        call -> call.sometimes(new Fault.Status(429, Map.of("Retry-After", "0"), "slow down"))),
                Trial.of(
                        "429, try at a date",
                        true,
                        call -> call.sometimes(new Fault.Status(
                                429, Map.of("Retry-After", "Fri, 20 Nov 2020 10:00:00 GMT"), "slow down"))),
                Trial.of("500 always", false, _ -> Fault.Status.of(500)),
                Trial.of("hang-ups always", false, _ -> new Fault.Hangup()),
                Trial.of("404 for blobs", false, call -> call.onBlobs(Fault.Status.of(404))),
                Trial.of("403 for blobs", false, call -> call.onBlobs(Fault.Status.of(403))),
                Trial.of("wrong bytes", false, call -> call.onBlobs(new Fault.WrongBytes())),
                Trial.of(
                        "wrong bytes of manifests",
                        false,
                        call -> call.request.isManifest() ? new Fault.WrongBytes() : Fault.NONE),
                Trial.of("too many bytes", false, call -> call.onBlobs(new Fault.WrongLength(1))),
                Trial.of("too few bytes", false, call -> call.onBlobs(new Fault.WrongLength(-1))),
                Trial.of("no length", true, call -> call.onBlobs(new Fault.Chunked())),
                Trial.of(
                        "ranges ignored after a cut",
                        true,
                        call -> call.onBlobs(call.first() ? new Fault.Cut(2 << 20) : new Fault.IgnoresRange())),
                Trial.of(
                        "slow, but not silent",
                        true,
                        call -> call.onBlobs(new Fault.Slow(1 << 20, Duration.ofMillis(20)))),
                new Trial(
                        "silent after a while",
                        true,
                        release -> call -> call.onBlobs(call.first() ? new Fault.Pause(2 << 20, release) : Fault.NONE)),
                new Trial("silent always", false, release -> call -> call.onBlobs(new Fault.Pause(1000, release))),
                Trial.of("redirects in a circle", false, call -> new Fault.Redirect(307, call.request.target())),
                Trial.of("a redirect to nowhere", false, call -> call.onBlobs(new Fault.Redirect(302, ""))));
    }

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start(upstream);
        other = FaultyRegistry.start(upstream);
        image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(noise("bottom", LAYER))
                .layer(noise("top", LAYER))
                .build(upstream);
        upstream.tag("1", image);
    }

    @AfterEach
    void stop() {
        testEnds.countDown();
        registry.close();
        other.close();
        fetcher.close();
    }

    private static LayerBuilder noise(String name, int size) {
        byte[] bytes = new byte[size];
        new Random(name.hashCode()).nextBytes(bytes);
        return new LayerBuilder().file(bytes, name, false);
    }

    private PulledImage pull(DiskContentStore store, List<Progress> heard) {
        ImageReference reference = ImageReference.parse(registry.host() + "/a/b:1");
        PullOptions options = PullOptions.defaults().withPlatform(Platform.linux("amd64"));
        return new Puller(fetcher, FAST).pull(reference, options, store, heard::add, Cancellation.never());
    }

    private void requireTrue(DiskContentStore store) throws IOException {
        for (Digest digest : store.blobs()) {
            assertThat(Digest.sha256(store.file(digest).orElseThrow())).isEqualTo(digest);
        }
    }

    @ParameterizedTest
    @MethodSource("trials")
    void endsRightOrFailsClean(Trial trial) throws IOException {
        DiskContentStore store = DiskContentStore.open(folder.resolve("content"));
        List<Progress> heard = Collections.synchronizedList(new ArrayList<>());
        AtomicInteger calls = new AtomicInteger();
        Function<Call, Fault> plan = trial.plan.apply(testEnds);
        registry.plan(request -> plan.apply(new Call(request, calls.incrementAndGet())));

        boolean passed;
        try {
            assertThat(pull(store, heard).manifestDigest()).isEqualTo(image.digest());
            passed = true;
        } catch (CodedException e) {
            assertThat(e.getMessage()).contains("Pulling").contains(registry.host());
            assertThat(store.names()).isEmpty();
            passed = false;
        }

        assertThat(passed).isEqualTo(trial.passes);
        requireTrue(store);
        assertThat(heard).allMatch(progress -> progress.done() <= progress.total());
        registry.plan(_ -> Fault.NONE);
        assertThat(pull(store, heard).manifestDigest()).isEqualTo(image.digest());
        requireTrue(store);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 1000, 100_000, MIB - 1, MIB, MIB + 1, 2 * MIB + 7, LAYER - 1})
    void fetchesNoMoreThanAMebibyteOfABlobAgainWhereverItIsCut(long after) throws IOException {
        DiskContentStore store = DiskContentStore.open(folder.resolve("content"));
        // A few cuts, then nothing more goes wrong: each pull may give up, and the next one goes on.
        AtomicInteger cuts = new AtomicInteger(9);
        registry.plan(request -> request.isBlob() && cuts.getAndDecrement() > 0 ? new Fault.Cut(after) : Fault.NONE);

        for (boolean done = false; !done; ) {
            try {
                pull(store, new ArrayList<>());
                done = true;
            } catch (CodedException e) {
                assertThat(e.retryable()).isTrue();
            }
        }

        requireTrue(store);
        assertThat(registry.blobBytes()).isLessThanOrEqualTo(2 * LAYER + 3 * MIB);
    }

    @Test
    void followsRedirectsForEachRangeAnew() throws IOException {
        DiskContentStore store = DiskContentStore.open(folder.resolve("content"));
        registry.plan(
                request -> request.isBlob() ? new Fault.Redirect(307, other.address() + request.target()) : Fault.NONE);
        other.plan(request -> request.header("range").isEmpty() ? new Fault.Cut(2 * MIB) : Fault.NONE);

        pull(store, new ArrayList<>());

        assertThat(registry.requests()).filteredOn(RawRequest::isBlob).hasSize(5);
        assertThat(registry.blobBytes()).isZero();
        assertThat(other.blobBytes()).isEqualTo(2L * LAYER + overhead(store));
    }

    private long overhead(DiskContentStore store) {
        return store.blobs().stream()
                        .filter(digest -> !digest.equals(image.digest()))
                        .mapToLong(digest -> store.size(digest).orElseThrow())
                        .sum()
                - 2L * LAYER;
    }

    @Test
    void goesOnAtAMirrorWhereTheOtherOneFailed() throws IOException {
        DiskContentStore store = DiskContentStore.open(folder.resolve("content"));
        other.plan(request -> request.isBlob() ? new Fault.Cut(MIB / 2) : Fault.NONE);
        PullOptions options = PullOptions.defaults()
                .withPlatform(Platform.linux("amd64"))
                .withMirror(registry.host(), other.address());
        ImageReference reference = ImageReference.parse(registry.host() + "/a/b:1");

        new Puller(fetcher, FAST).pull(reference, options, store, _ -> {}, Cancellation.never());

        requireTrue(store);
        assertThat(registry.requests())
                .filteredOn(RawRequest::isBlob)
                .filteredOn(request -> !request.header("range").isEmpty())
                .hasSize(2);
        assertThat(registry.requests()).noneMatch(RawRequest::isManifest);
        assertThat(new ByteSize(registry.blobBytes() + other.blobBytes()))
                .isLessThan(new ByteSize(2L * LAYER + 2 * MIB));
    }

    @Test
    void fetchesNothingTwiceWhenSeveralPullTheSame() throws Exception {
        registry.plan(request -> request.isBlob() ? new Fault.Slow(1 << 18, Duration.ofMillis(5)) : Fault.NONE);
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(Thread.ofVirtual()
                    .start(() -> pull(DiskContentStore.open(folder.resolve("content")), new ArrayList<>())));
        }
        for (Thread thread : others) {
            thread.join();
        }

        DiskContentStore store = DiskContentStore.open(folder.resolve("content"));
        assertThat(registry.blobBytes()).isEqualTo(2L * LAYER + overhead(store));
        assertThat(store.names()).hasSize(1);
    }

    @Test
    void fetchesRestrictedLayersFromTheirOwnAddress() throws IOException {
        ImageManifest manifest =
                (ImageManifest) ManifestDocument.parse(upstream.read(image.digest(), ByteSize.ofMebibytes(1)), "");
        Descriptor layer = manifest.layers().getFirst();
        Descriptor restricted = new Descriptor(
                "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
                layer.digest(),
                layer.size(),
                List.of("ftp://example.org/no", other.address() + "/v2/maker/blobs/" + layer.digest()),
                Map.of(),
                Optional.empty());
        ImageManifest document = ImageManifest.create(
                manifest.config(), List.of(restricted, manifest.layers().getLast()), Map.of());
        upstream.put(document.digest(), document.bytes());
        upstream.tag("1", document.descriptor());
        registry.plan(
                request -> request.path().endsWith(layer.digest().toString()) ? Fault.Status.of(404) : Fault.NONE);
        DiskContentStore store = DiskContentStore.open(folder.resolve("content"));

        pull(store, new ArrayList<>());

        requireTrue(store);
        assertThat(other.requests()).singleElement().matches(RawRequest::isBlob);
    }
}
