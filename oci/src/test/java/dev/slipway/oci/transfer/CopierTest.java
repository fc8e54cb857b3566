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
import dev.slipway.oci.archive.DockerArchive;
import dev.slipway.oci.archive.DockerArchiveSource;
import dev.slipway.oci.archive.LayoutArchiveDestination;
import dev.slipway.oci.archive.LayoutDestination;
import dev.slipway.oci.archive.LayoutSource;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.CollectOptions;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.faults.Fault;
import dev.slipway.oci.faults.FaultyRegistry;
import dev.slipway.oci.transport.ContentDestination;
import dev.slipway.oci.transport.ContentTransport;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.transport.Registries;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CopierTest {
    private static final Retry FAST = new Retry(4, Duration.ofMillis(1), Duration.ofMillis(2));
    private static final int LAYER = 2 << 20;

    @TempDir
    Path folder;

    private final MemoryContentStore remote = new MemoryContentStore();
    private FaultyRegistry registry;
    private Registries registries;
    private ImageReference reference;
    private Descriptor image;

    @BeforeEach
    void start() throws IOException {
        registry = FaultyRegistry.start(remote);
        registries = Registries.anonymous(Fetcher.create(FetchOptions.defaults()));
        reference = ImageReference.parse(registry.host() + "/some/app:1");
        byte[] noise = new byte[LAYER];
        new Random(5).nextBytes(noise);
        image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file(noise, "noise", false))
                .layer(new LayerBuilder().file(new byte[] {1}, "small", true))
                .build(remote);
        remote.tag("some/app:1", image);
    }

    @AfterEach
    void stop() {
        registries.close();
        registry.close();
    }

    @Test
    void goesOnWhereARegistryBrokeOff() {
        registry.plan(
                request -> request.method().equals("GET") && request.target().contains("/blobs/")
                        ? new Fault.Cut(300_000)
                        : Fault.NONE);

        List<Destination> destinations = List.of(
                LayoutArchiveDestination.create(folder.resolve("a.tar"), ""),
                LayoutDestination.open(folder.resolve("layout"), "1", Cancellation.never()),
                DockerArchive.single(folder.resolve("d.tar"), Optional.empty()));

        for (Destination destination : destinations) {
            long before = registry.blobBytes();
            CopiedImage copied = copy(fromRegistry(), destination);
            assertThat(copied.written()).isEqualTo(copied.source());
            assertThat(registry.blobBytes() - before).isLessThan(LAYER + (1 << 20));
        }
    }

    @Test
    void failsCleanOnWrongBytesWhereverTheyGo() {
        registry.plan(request -> request.target().contains("/blobs/") ? new Fault.WrongBytes() : Fault.NONE);

        assertThatThrownBy(() -> copy(fromRegistry(), LayoutArchiveDestination.create(folder.resolve("a.tar"), "")))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("oci.digest-mismatch"));
        assertThatThrownBy(() -> copy(fromRegistry(), DockerArchive.single(folder.resolve("d.tar"), Optional.empty())))
                .isInstanceOf(CodedException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void compressesWhatADockerArchiveHasForARegistryAndSaysSo() {
        copy(fromRegistry(), DockerArchive.single(folder.resolve("d.tar"), Optional.empty()));
        ImageReference target = ImageReference.parse(registry.host() + "/other/app:2");

        CopiedImage copied = copy(
                DockerArchiveSource.open(folder.resolve("d.tar"), Optional.empty(), Cancellation.never()),
                registries.destination(target, FAST));

        assertThat(copied.changes()).hasSize(2).allMatch(change -> change.contains("is compressed"));
        // Compressed the way it was built: the registry has the layers already.
        assertThat(copied.blobsPresent()).isEqualTo(3);
        assertThat(copied.written().digest()).isEqualTo(image.digest());
        assertThat(remote.resolve("other/app:2").map(Descriptor::digest)).contains(image.digest());
    }

    @Test
    void copiesFromALayoutToARegistryAndBackWithTheSameDigest() {
        copy(fromRegistry(), LayoutDestination.open(folder.resolve("layout"), "1", Cancellation.never()));
        ImageReference target = ImageReference.parse(registry.host() + "/other/app:3");

        CopiedImage copied =
                copy(LayoutSource.folder(folder.resolve("layout"), "1"), registries.destination(target, FAST));

        assertThat(copied.written().digest()).isEqualTo(image.digest());
        assertThat(copied.changes()).isEmpty();
    }

    @Test
    void keepsWhatItBringsFromACollectionBesideIt() {
        try (DiskContentStore store = DiskContentStore.open(folder.resolve("content"))) {
            CollectOptions everything = CollectOptions.defaults().withMinAge(Duration.ZERO);
            try (ContentDestination destination = new ContentDestination(store, "example.org/app:1")) {
                Destination collecting = new Collecting(destination, store, everything);
                try (ImageSource source = fromRegistry()) {
                    new Copier(FAST)
                            .copy(
                                    source,
                                    collecting,
                                    CopyOptions.defaults(),
                                    ProgressListener.NONE,
                                    Cancellation.never());
                }
            }
            store.collect(everything, ProgressListener.NONE, Cancellation.never());

            ImageReference name = ImageReference.parse("example.org/app:1");
            CopiedImage back = copy(
                    ImageSource.of(new ContentTransport(store, name), "1"),
                    new ContentDestination(new MemoryContentStore(), "x"));
            assertThat(back.blobsCopied()).isEqualTo(3);
        }
    }

    @Test
    void reportsProgressThatNeverGoesBack() {
        List<ProgressListener.Progress> heard = new CopyOnWriteArrayList<>();
        try (ImageSource source = fromRegistry();
                Destination destination = LayoutArchiveDestination.create(folder.resolve("a.tar"), "")) {
            new Copier(FAST).copy(source, destination, CopyOptions.defaults(), heard::add, Cancellation.never());
        }

        List<Long> total = heard.stream()
                .filter(progress -> progress.step().equals("copy"))
                .map(ProgressListener.Progress::done)
                .toList();
        assertThat(total).isSorted();
        assertThat(heard.getLast().done()).isEqualTo(heard.getLast().total());
    }

    @Test
    void stopsWhenItIsCancelled() {
        Cancellation cancellation = new Cancellation();
        try (ImageSource source = fromRegistry();
                Destination destination = LayoutArchiveDestination.create(folder.resolve("a.tar"), "")) {
            assertThatThrownBy(() -> new Copier(FAST)
                            .copy(
                                    source,
                                    destination,
                                    CopyOptions.defaults(),
                                    progress -> {
                                        if (progress.done() > LAYER / 2) {
                                            cancellation.cancel();
                                        }
                                    },
                                    cancellation))
                    .isInstanceOfSatisfying(
                            CodedException.class, e -> assertThat(e.code()).isEqualTo("base.cancelled"));
        }
        assertThat(folder).isEmptyDirectory();
    }

    private ImageSource fromRegistry() {
        return ImageSource.of(registries.origin(reference, new LongAdder()), reference.target());
    }

    private static CopiedImage copy(ImageSource source, Destination destination) {
        try (source;
                destination) {
            return new Copier(FAST)
                    .copy(source, destination, CopyOptions.defaults(), ProgressListener.NONE, Cancellation.never());
        }
    }
}
