package dev.slipway.oci.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.ProgressListener.Progress;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.faults.Fault;
import dev.slipway.oci.faults.FaultyRegistry;
import dev.slipway.oci.faults.RawRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class PullerTest {
    private static final Retry FAST = new Retry(3, Duration.ofMillis(1), Duration.ofMillis(2));

    @TempDir
    Path folder;

    private final MemoryContentStore upstream = new MemoryContentStore();
    private final Fetcher fetcher = Fetcher.create(FetchOptions.defaults());
    private final Puller puller = new Puller(fetcher, FAST);
    private final PullOptions options = PullOptions.defaults().withPlatform(Platform.linux("amd64"));
    private FaultyRegistry registry;
    private Descriptor image;

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start(upstream);
        image = image("amd64", 3 << 20);
        upstream.tag("1", image);
    }

    @AfterEach
    void stop() {
        registry.close();
        fetcher.close();
    }

    private Descriptor image(String architecture, int size) {
        byte[] noise = new byte[size];
        new Random(architecture.hashCode()).nextBytes(noise);
        LayerBuilder layer = new LayerBuilder().file(noise, "noise", false);
        return ImageBuilder.forPlatform(Platform.linux(architecture))
                .layer(layer)
                .layer(new LayerBuilder().file(new byte[] {1}, "small", true))
                .layer(layer)
                .build(upstream);
    }

    private void cutBlobs(long afterBytes) {
        registry.plan(request -> request.isBlob() ? new Fault.Cut(afterBytes) : Fault.NONE);
    }

    private static Fault headers(String name, String value) {
        return new Fault.Headers(List.of(Map.entry(name, value)));
    }

    private ContentStore store() {
        return DiskContentStore.open(folder.resolve("content"));
    }

    private ImageReference reference(String target) {
        return ImageReference.parse(registry.host() + "/a/b" + target);
    }

    private PulledImage pull(ImageReference reference, ContentStore store) {
        return puller.pull(reference, options, store, ProgressListener.NONE, Cancellation.never());
    }

    @Test
    void bringsEveryBlobOnceAndNoMore() {
        ContentStore store = store();

        PulledImage pulled = pull(reference(":1"), store);

        ImageManifest manifest = pulled.manifest();
        long sizes = Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
                .distinct()
                .mapToLong(Descriptor::size)
                .sum();
        assertThat(registry.blobBytes()).isEqualTo(sizes);
        assertThat(pulled.bytesFetched()).isEqualTo(sizes + image.size());
        assertThat(pulled.manifestDigest()).isEqualTo(image.digest());
        assertThat(store.names()).containsExactly(registry.host() + "/a/b:1");
        assertThat(store.size(manifest.layers().getFirst().digest()))
                .hasValue(manifest.layers().getFirst().size());

        PulledImage again = pull(reference(":1"), store);
        assertThat(again.bytesFetched()).isZero();
        assertThat(again.manifestDigest()).isEqualTo(image.digest());
        assertThat(registry.blobBytes()).isEqualTo(sizes);
        assertThat(registry.requests().getLast().method()).as("one HEAD").isEqualTo("HEAD");
    }

    @ParameterizedTest
    @ValueSource(ints = {1_100_000, 1 << 21})
    void goesOnAfterEveryCut(int cutAfter) {
        cutBlobs(cutAfter);
        ContentStore store = store();

        PulledImage pulled = pull(reference(":1"), store);

        assertThat(store.has(pulled.manifest().layers().getFirst().digest())).isTrue();
        assertThat(registry.requests().stream().filter(RawRequest::isBlob)).hasSizeGreaterThan(3);
        assertThat(registry.blobBytes() - (3 << 20)).isLessThan(1 << 20);
    }

    @Test
    void givesUpCleanlyWhenNothingComesForwardAndGoesOnNextTime() throws Exception {
        cutBlobs(300_000);
        assertThatThrownBy(() -> pull(reference(":1"), store())).isInstanceOf(CodedException.class);
        assertThat(store().names()).isEmpty();
        long served = registry.blobBytes();
        registry.plan(_ -> Fault.NONE);

        pull(reference(":1"), store());

        assertThat(registry.blobBytes()).isLessThan((3 << 20) + (1 << 20)).isGreaterThan(served);
        try (var left = Files.list(folder.resolve("content/ingest"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void startsFromZeroWhenTheRegistryIgnoresRanges() {
        registry.plan(request -> !request.isBlob()
                ? Fault.NONE
                : request.header("range").isEmpty() ? new Fault.Cut(2 << 20) : new Fault.IgnoresRange());

        PulledImage pulled = pull(reference(":1"), store());

        assertThat(store().has(pulled.manifest().layers().getFirst().digest())).isTrue();
        assertThat(registry.blobBytes()).isGreaterThan(5 << 20);
    }

    @Test
    void beginsAgainWhenWhatAnEarlierRunLeftIsDamaged() {
        ContentStore store = store();
        ImageManifest manifest = (ImageManifest)
                ManifestDocument.parse(upstream.read(image.digest(), ManifestDocument.MAX_SIZE), MediaTypes.MANIFEST);
        Descriptor layer = manifest.layers().getFirst();
        try (Ingest ingest = store.ingest(layer.digest(), layer.size(), Cancellation.never())) {
            ingest.write(new byte[1000], 0, 1000);
        }

        pull(reference(":1"), store);

        assertThat(store.has(layer.digest())).isTrue();
    }

    @Test
    void triesAgainWhenTheRegistryIsBusy() {
        AtomicInteger left = new AtomicInteger(2);
        registry.plan(_ -> left.getAndDecrement() > 0 ? Fault.Status.of(503) : Fault.NONE);
        pull(reference(":1"), store());

        registry.plan(_ -> Fault.Status.of(400));
        assertThatThrownBy(() -> pull(reference(":1"), store())).hasMessageContaining("answered 400");
    }

    @Test
    void getsAnAnonymousTokenWhenAsked() {
        registry.guard().bearer();

        assertThat(pull(reference(":1"), store()).manifestDigest()).isEqualTo(image.digest());
    }

    @Test
    void neverShowsABlobWithWrongBytes() {
        registry.plan(request -> request.isBlob() ? new Fault.WrongBytes() : Fault.NONE);
        ContentStore store = store();

        assertThatThrownBy(() -> pull(reference(":1"), store))
                .hasMessageContaining("another digest")
                .matches(error -> ((CodedException) error).kind() == ErrorKind.CORRUPT);
        assertThat(store.names()).isEmpty();
    }

    @Test
    void refusesAManifestThatDoesNotMatchItsDigest() {
        registry.plan(
                _ -> headers("Docker-Content-Digest", Digest.sha256("other").toString()));
        assertThatThrownBy(() -> pull(reference(":1"), store())).hasMessageContaining("do not match");
    }

    @Test
    void readsAManifestServedAsPlainJson() {
        registry.plan(request -> request.isManifest() ? headers("Content-Type", "application/json") : Fault.NONE);
        assertThat(pull(reference(":1"), store()).manifestDigest()).isEqualTo(image.digest());
    }

    @Test
    void refusesADescriptorWithTheWrongSize() {
        ImageManifest right = (ImageManifest)
                ManifestDocument.parse(upstream.read(image.digest(), ManifestDocument.MAX_SIZE), MediaTypes.MANIFEST);
        Descriptor layer = right.layers().getFirst();
        Descriptor wrong = Descriptor.of(layer.mediaType(), layer.digest(), layer.size() - 1);
        ImageManifest manifest = ImageManifest.create(right.config(), List.of(wrong), Map.of());
        upstream.put(manifest.digest(), manifest.bytes());
        upstream.tag("wrong", manifest.descriptor());

        assertThatThrownBy(() -> pull(reference(":wrong"), store())).hasMessageContaining("as announced");
    }

    @Test
    void asksTheMirrorFirstAndFallsBackToTheHostItself() throws IOException {
        ContentStore empty = new MemoryContentStore();
        try (FaultyRegistry mirror = FaultyRegistry.start(empty)) {
            PullOptions mirrored = options.withMirror(registry.host(), mirror.address());

            PulledImage pulled =
                    puller.pull(reference(":1"), mirrored, store(), ProgressListener.NONE, Cancellation.never());

            assertThat(pulled.manifestDigest()).isEqualTo(image.digest());
            assertThat(mirror.requests())
                    .extracting(RawRequest::target)
                    .contains("/v2/a/b/manifests/1?ns=" + registry.host());
        }
    }

    @Test
    void staysWithTheMirrorAndTheStoreWhenOffline() {
        ImageReference far = ImageReference.parse("registry.invalid/a/b:1");
        PullOptions offline = options.withOffline(true);
        ContentStore store = store();
        assertThatThrownBy(() -> puller.pull(far, offline, store, ProgressListener.NONE, Cancellation.never()))
                .hasMessageContaining("not in the content store");

        puller.pull(
                far,
                offline.withMirror("registry.invalid", registry.address()),
                store,
                ProgressListener.NONE,
                Cancellation.never());
        registry.close();

        PulledImage pulled = puller.pull(far, offline, store, ProgressListener.NONE, Cancellation.never());
        assertThat(pulled.bytesFetched()).isZero();
        assertThat(pulled.manifestDigest()).isEqualTo(image.digest());
    }

    @Test
    void choosesThePlatformAndListsThemWhenNoneFits() {
        Descriptor arm = image("arm64", 10);
        ImageIndex inner = ImageIndex.create(List.of(image.withPlatform(Platform.linux("amd64"))));
        upstream.put(inner.digest(), inner.bytes());
        Descriptor attestation = image.withPlatform(new Platform("unknown", "unknown", Optional.empty()));
        Descriptor nested = Descriptor.of(MediaTypes.INDEX, inner.digest(), inner.bytes().length);
        ImageIndex index =
                ImageIndex.create(List.of(attestation, arm.withPlatform(Platform.parse("linux/arm64/v8")), nested));
        upstream.put(index.digest(), index.bytes());
        upstream.tag("all", index.descriptor());

        PulledImage pulled = pull(reference(":all"), store());
        assertThat(pulled.manifestDigest()).isEqualTo(image.digest());
        assertThat(pulled.resolved().digest()).isEqualTo(index.digest());
        assertThatThrownBy(() -> puller.pull(
                        reference(":all"),
                        options.withPlatform(Platform.linux("riscv64")),
                        store(),
                        ProgressListener.NONE,
                        Cancellation.never()))
                .hasMessageContaining("no image for linux/riscv64")
                .extracting(error -> ((CodedException) error).hint())
                .isEqualTo("It has images for: linux/amd64, linux/arm64/v8.");
        assertThatThrownBy(() -> puller.pull(
                        reference(":1"),
                        options.withPlatform(Platform.linux("arm64")),
                        store(),
                        ProgressListener.NONE,
                        Cancellation.never()))
                .hasMessageContaining("for linux/amd64, not for linux/arm64");
    }

    @Test
    void reportsProgressThatNeverGoesBack() {
        cutBlobs(2 << 20);
        List<Progress> heard = Collections.synchronizedList(new ArrayList<>());

        puller.pull(reference(":1"), options, store(), heard::add, Cancellation.never());

        Map<String, List<Progress>> steps = heard.stream().collect(Collectors.groupingBy(Progress::step));
        assertThat(steps).hasSize(4);
        steps.forEach((step, reports) -> {
            assertThat(reports).as(step).isSortedAccordingTo((a, b) -> Long.compare(a.done(), b.done()));
            assertThat(reports.getLast().finished()).as(step).isTrue();
        });
    }

    @Test
    void stopsWhenCancelledAndKeepsWhatHasArrived() {
        Cancellation cancellation = new Cancellation();
        ProgressListener stopper = progress -> {
            if (progress.done() > 1 << 20) {
                cancellation.cancel();
            }
        };
        ContentStore store = store();

        assertThatThrownBy(() -> puller.pull(reference(":1"), options, store, stopper, cancellation))
                .hasMessage("Cancelled.");

        PulledImage pulled = pull(reference(":1"), store);
        assertThat(pulled.bytesFetched()).isLessThan((2 << 20) + (1 << 16));
    }

    @Test
    void asksForRoomBeforeItFetchesABlob() {
        FullStore store = new FullStore(1 << 20);

        assertThatThrownBy(() -> pull(reference(":1"), store))
                .hasMessageContaining("it needs 3.0 MiB and 1.0 MiB are free")
                .matches(error -> ((CodedException) error).kind() == ErrorKind.EXHAUSTED);
        assertThat(store.ingested).containsExactly(image.digest());
        assertThat(registry.blobBytes()).isEqualTo(0);
    }

    @Test
    void saysThatTheDiskIsFullAndGoesOnWhenItIsNot() throws Exception {
        Path small = Files.createDirectory(folder.resolve("small"));
        assumeTrue(mount(small, "size=4m") == 0, "a small file system cannot be mounted here");
        try {
            // Room enough when asked, and taken by somebody else a moment later.
            ContentStore store = DiskContentStore.open(small.resolve("content"));
            Path hog = small.resolve("hog");
            ProgressListener thief = progress -> {
                if (progress.done() > 0 && !Files.exists(hog)) {
                    fill(hog);
                }
            };
            assertThatThrownBy(() -> puller.pull(reference(":1"), options, store, thief, Cancellation.never()))
                    .hasMessageContaining("the disk is full")
                    .matches(error -> ((CodedException) error).kind() == ErrorKind.EXHAUSTED);
            assertThat(store.names()).isEmpty();
            Files.delete(hog);

            assertThat(pull(reference(":1"), store).manifestDigest()).isEqualTo(image.digest());
        } finally {
            new ProcessBuilder("umount", small.toString()).start().waitFor();
        }
    }

    private static int mount(Path place, String options) throws Exception {
        return new ProcessBuilder("mount", "-t", "tmpfs", "-o", options, "tmpfs", place.toString())
                .start()
                .waitFor();
    }

    private static void fill(Path file) {
        try (var out = Files.newOutputStream(file)) {
            for (int i = 0; i < 64; i++) {
                out.write(new byte[1 << 16]);
            }
        } catch (IOException _) {
            // Full: that was the aim.
        }
    }

    @Test
    void saysWhatItTriedWhenNobodyHasTheImage() {
        PullOptions mirrored = options.withMirror(registry.host(), URI.create("http://127.0.0.1:1/prefix/"));

        assertThatThrownBy(() ->
                        puller.pull(reference(":none"), mirrored, store(), ProgressListener.NONE, Cancellation.never()))
                .hasMessageContaining("http://127.0.0.1:1/prefix/v2/a/b/manifests/none")
                .hasMessageContaining("answered 404 (no such manifest)")
                .matches(error -> ((CodedException) error).kind() == ErrorKind.NOT_FOUND);
    }
}
