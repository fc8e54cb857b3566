package dev.slipway.oci.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.ProgressListener.Progress;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.faults.Fault;
import dev.slipway.oci.faults.FaultyRegistry;
import dev.slipway.oci.faults.RawRequest;
import dev.slipway.oci.transport.Registries;
import dev.slipway.oci.transport.RegistrySettings;
import dev.slipway.oci.transport.auth.Credential;
import dev.slipway.oci.transport.auth.Credentials;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PusherTest {
    private static final Retry FAST = new Retry(5, Duration.ofMillis(1), Duration.ofMillis(2));
    private static final int LAYER = 3 << 20;
    private static final ImageReference LOCAL = ImageReference.parse("example.org/built:1");

    private final MemoryContentStore store = new MemoryContentStore();
    private final MemoryContentStore remote = new MemoryContentStore();
    private FaultyRegistry registry;
    private Descriptor image;

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start(remote);
        image = image("amd64");
        store.tag(LOCAL.toString(), image);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private Descriptor image(String architecture) {
        byte[] noise = new byte[LAYER];
        new Random(architecture.hashCode()).nextBytes(noise);
        return ImageBuilder.forPlatform(Platform.linux(architecture))
                .layer(new LayerBuilder().file(noise, "noise", false))
                .layer(new LayerBuilder().file(new byte[] {1}, "small", true))
                .build(store);
    }

    private ImageReference target(String text) {
        return ImageReference.parse(registry.host() + "/" + text);
    }

    private CopiedImage push(String target, CopyOptions options, ProgressListener listener, Cancellation cancellation) {
        Credentials credentials =
                Credentials.only(registry.host(), new Credential.Password("me", "pw"), Credentials.NONE);
        try (Registries registries = Registries.create(FetchOptions.defaults(), RegistrySettings.NONE, credentials)) {
            return new Pusher(registries, FAST).push(LOCAL, target(target), options, store, listener, cancellation);
        }
    }

    private CopiedImage push(String target) {
        CopyOptions options = CopyOptions.defaults().withPlatform(Platform.linux("amd64"));
        return push(target, options, ProgressListener.NONE, Cancellation.never());
    }

    private List<String> sent() {
        return registry.requests().stream()
                .filter(request -> request.body().length > 0)
                .map(request -> request.method() + " " + request.path())
                .toList();
    }

    @Test
    void sendsBlobsFirstAndTheTagLast() {
        CopiedImage pushed = push("a/b:1");

        assertThat(pushed.blobsCopied()).isEqualTo(3);
        assertThat(remote.resolve("a/b:1").map(Descriptor::digest)).contains(image.digest());
        RawRequest last = registry.requests().getLast();
        assertThat(last.method() + " " + last.path()).isEqualTo("PUT /v2/a/b/manifests/1");
        assertThat(registry.requests()).filteredOn(RawRequest::isManifest).hasSize(1);
    }

    @Test
    void sendsNothingThatIsThere() {
        push("a/b:1");
        int before = registry.requests().size();

        CopiedImage again = push("a/b:2");

        assertThat(again.bytesCopied()).isZero();
        assertThat(registry.requests().subList(before, registry.requests().size()))
                .filteredOn(request -> !request.method().equals("HEAD"))
                .hasSize(1);
    }

    @Test
    void takesOverFromARepositoryThatIsKnownToHaveIt() {
        // The store knows from an earlier pull or push that the same registry has the image elsewhere.
        store.tag(target("other/place:1").toString(), image);
        remote.put(image.digest(), store.read(image.digest(), ByteSize.ofMebibytes(1)));
        registry.plan(
                request -> request.isBlob() && request.method().equals("HEAD") ? Fault.Status.of(404) : Fault.NONE);
        copyBlobsToRemote();

        CopiedImage pushed = push("a/b:1");

        assertThat(pushed.blobsPresent()).isEqualTo(3);
        assertThat(registry.requests())
                .filteredOn(request -> request.method().equals("POST"))
                .hasSize(3)
                .allMatch(request -> request.target().contains("from=other%2Fplace"));
        assertThat(sent()).containsExactly("PUT /v2/a/b/manifests/1");
    }

    private void copyBlobsToRemote() {
        ImageManifest manifest =
                (ImageManifest) ManifestDocument.parse(store.read(image.digest(), ByteSize.ofMebibytes(1)), "");
        List<Descriptor> blobs = new ArrayList<>(manifest.layers());
        blobs.add(manifest.config());
        blobs.forEach(blob -> remote.put(blob.digest(), store.read(blob.digest(), ByteSize.ofMebibytes(8))));
    }

    @Test
    void putsWhatCannotBeTakenOver() {
        store.tag(target("other/place:1").toString(), image);
        registry.uploads().mounts(false);

        assertThat(push("a/b:1").blobsCopied()).isEqualTo(3);
        assertThat(remote.resolve("a/b:1")).isPresent();
    }

    @Test
    void goesOnWhereACutUploadStopped() {
        AtomicInteger cuts = new AtomicInteger(1);
        registry.cutRequests(
                request -> request.method().equals("PUT") && length(request) > LAYER && cuts.getAndDecrement() > 0
                        ? 2 << 20
                        : Long.MAX_VALUE);

        push("a/b:1");

        assertThat(remote.resolve("a/b:1").map(Descriptor::digest)).contains(image.digest());
        assertThat(registry.requests())
                .filteredOn(request -> request.method().equals("PATCH"))
                .singleElement()
                .satisfies(
                        request -> assertThat(request.header("content-range")).startsWith((2 << 20) + "-"));
        assertThat(registry.requests().stream()
                        .mapToLong(request -> request.body().length)
                        .sum())
                .isLessThan(LAYER + (1 << 20));
    }

    @Test
    void beginsAgainWhenTheRegistryHasForgotten() {
        AtomicInteger cuts = new AtomicInteger(1);
        registry.uploads().forgetful();
        registry.cutRequests(
                request -> request.method().equals("PUT") && length(request) > LAYER && cuts.getAndDecrement() > 0
                        ? 2 << 20
                        : Long.MAX_VALUE);

        push("a/b:1");

        assertThat(remote.resolve("a/b:1").map(Descriptor::digest)).contains(image.digest());
    }

    private static long length(RawRequest request) {
        return Long.parseLong(request.header("content-length").isEmpty() ? "0" : request.header("content-length"));
    }

    @Test
    void getsThroughBusyTimesAndExpiringTokens() {
        registry.guard().bearer("me", "pw");
        registry.guard().uses(2);
        AtomicInteger busy = new AtomicInteger();
        registry.plan(
                request -> busy.incrementAndGet() % 7 == 0 && !request.path().equals("/token")
                        ? Fault.Status.of(503)
                        : Fault.NONE);

        push("a/b:1");

        assertThat(remote.resolve("a/b:1").map(Descriptor::digest)).contains(image.digest());
    }

    @Test
    void pushesAnIndexWithAllItsImagesOrOneOfThem() {
        Descriptor arm = image("arm64");
        ImageIndex index = ImageIndex.create(
                List.of(image.withPlatform(Platform.linux("amd64")), arm.withPlatform(Platform.linux("arm64"))));
        store.put(index.digest(), index.bytes());
        store.tag(LOCAL.toString(), index.descriptor());

        push("a/b:all", CopyOptions.defaults().withAllPlatforms(), ProgressListener.NONE, Cancellation.never());
        CopyOptions one = CopyOptions.defaults().withPlatform(Platform.linux("arm64"));
        push("a/b:one", one, ProgressListener.NONE, Cancellation.never());

        assertThat(remote.resolve("a/b:all").map(Descriptor::digest)).contains(index.digest());
        assertThat(remote.resolve("a/b:one").map(Descriptor::digest)).contains(arm.digest());
    }

    @Test
    void leavesTheTagAloneWhenItFails() {
        registry.plan(request ->
                request.path().contains("/uploads/") && request.method().equals("PUT")
                        ? Fault.Status.of(403)
                        : Fault.NONE);

        assertThatThrownBy(() -> push("a/b:1")).hasMessageContaining("answered 403");

        assertThat(remote.names()).isEmpty();
    }

    @Test
    void reportsProgressThatNeverGoesBackAndEndsAtAHundred() {
        AtomicInteger cuts = new AtomicInteger(1);
        registry.cutRequests(
                request -> request.method().equals("PUT") && length(request) > LAYER && cuts.getAndDecrement() > 0
                        ? 1 << 20
                        : Long.MAX_VALUE);
        List<Progress> heard = Collections.synchronizedList(new ArrayList<>());

        push("a/b:1", CopyOptions.defaults().withPlatform(Platform.linux("amd64")), heard::add, Cancellation.never());

        List<Progress> total = heard.stream()
                .filter(progress -> progress.step().equals("copy"))
                .toList();
        assertThat(total).isSortedAccordingTo((left, right) -> Long.compare(left.done(), right.done()));
        assertThat(total.getLast().finished()).isTrue();
        assertThat(total).allMatch(progress -> progress.done() <= progress.total());
    }

    @Test
    void refusesToPushUnderADigestThatIsNotTheImages() {
        assertThatThrownBy(() -> push("a/b@sha256:" + "0".repeat(64))).hasMessageContaining("the image has the digest");
    }
}
