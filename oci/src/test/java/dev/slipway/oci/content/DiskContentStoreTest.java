package dev.slipway.oci.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskContentStoreTest {
    private static final CollectOptions NOW = CollectOptions.defaults().withMinAge(Duration.ZERO);

    @TempDir
    Path folder;

    private DiskContentStore open() {
        return DiskContentStore.open(folder);
    }

    private static CollectReport collect(ContentStore store, CollectOptions options) {
        return store.collect(options, ProgressListener.NONE, Cancellation.never());
    }

    @Nested
    class AsAStore extends StoreContract {
        @Override
        ContentStore create() {
            return open();
        }
    }

    @Nested
    class AsACollector extends CollectContract {
        @Override
        ContentStore create() {
            return open();
        }
    }

    @Test
    void showsTheFileThatGrows() throws IOException {
        try (Ingest ingest = open().ingest(StoreContract.DIGEST, 10, Cancellation.never())) {
            ingest.write(StoreContract.BYTES, 0, 4);
            try (InputStream follower = Files.newInputStream(ingest.file().orElseThrow())) {
                assertThat(follower.readNBytes(4)).isEqualTo("0123".getBytes(StandardCharsets.UTF_8));
                ingest.write(StoreContract.BYTES, 4, 6);
                ingest.commit();
                assertThat(follower.readAllBytes()).isEqualTo("456789".getBytes(StandardCharsets.UTF_8));
            }
            assertThat(ingest.file()).contains(open().file(StoreContract.DIGEST).orElseThrow());
        }
    }

    @Test
    void seesWhatAnotherStoreOnTheFolderHasJustTagged() {
        DiskContentStore one = open();
        DiskContentStore other = open();
        for (int i = 0; i < 50; i++) {
            Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, new byte[] {(byte) i});
            one.tag("localhost/a:1", descriptor);
            assertThat(other.resolve("localhost/a:1")).contains(descriptor);
        }
    }

    @Test
    void laysReferencesOutByRepository() {
        open().tag("localhost:5000/team/app:1.0", Descriptor.of(MediaTypes.MANIFEST, new byte[0]));

        assertThat(folder.resolve("references/localhost:5000/team/app/:1.0")).isRegularFile();
    }

    @Test
    void keepsAnyNameInsideTheFolder() throws IOException {
        DiskContentStore store = open();
        Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, new byte[0]);
        List<String> names = List.of(
                "../../../../tmp/escape",
                "..:1",
                "/etc/passwd",
                "a//b",
                "a/:1",
                "a/@b",
                "a:" + "t".repeat(128) + "@" + StoreContract.LONG_DIGEST,
                "ä/ö:ü",
                "a/=",
                "a%2Fb:1",
                "a\nb",
                ".",
                "a:.hidden",
                "A:1",
                "a:1");
        names.forEach(name -> store.tag(name, descriptor));

        assertThat(store.names()).containsExactlyInAnyOrderElementsOf(names);
        for (String name : names) {
            assertThat(store.names(Reference.repositoryOf(name))).contains(name);
            assertThat(store.resolve(name)).contains(descriptor);
            assertThat(store.untag(name)).isTrue();
        }
        assertThat(store.names()).isEmpty();
        collect(store, NOW);
        try (var left = Files.list(folder.resolve("references"))) {
            assertThat(left).isEmpty();
        }
        assertThatThrownBy(() -> store.tag("a".repeat(300), descriptor)).hasMessageContaining("too long");
        assertThatThrownBy(() -> store.tag("", descriptor)).hasMessageContaining("1 to");
    }

    @Test
    void tagsWhileEmptyFoldersAreRemoved() throws InterruptedException {
        DiskContentStore store = open();
        Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, new byte[0]);
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger collected = new AtomicInteger();
        Thread collector = Thread.ofVirtual().start(() -> {
            while (!done.get()) {
                collect(store, NOW);
                collected.incrementAndGet();
            }
        });
        for (int i = 0; i < 100 || collected.get() < 300; i++) {
            store.tag("localhost/a/b/c:1", descriptor);
            assertThat(store.untag("localhost/a/b/c:1")).isTrue();
        }
        done.set(true);
        collector.join();
    }

    @Test
    void opensANewFolderSeveralTimesAtOnce() throws Exception {
        Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, new byte[0]);
        for (int round = 0; round < 50; round++) {
            Path shared = folder.resolve("store-" + round);
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Callable<Void>> openings = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    String name = "localhost/a/b:" + i;
                    openings.add(() -> {
                        DiskContentStore.open(shared).tag(name, descriptor);
                        return null;
                    });
                }
                for (Future<Void> opening : threads.invokeAll(openings)) {
                    opening.get();
                }
            }
            assertThat(DiskContentStore.open(shared).names()).hasSize(8);
        }
    }

    @Test
    void remembersLeasesAndHoldsOfProcessesBefore() {
        DiskContentStore before = open();
        Digest held = SampleImage.blob(before, "held");
        Digest leased = SampleImage.blob(before, "leased");
        before.hold(held, Duration.ofMinutes(5));
        Lease lease = before.lease(Duration.ofMinutes(5), "what is not closed when a process dies");
        lease.protect(leased);

        CollectReport report = collect(open(), NOW);

        assertThat(report.young().count()).isEqualTo(1);
        assertThat(report.leased().count()).isEqualTo(1);
        lease.close();
        assertThat(collect(open(), NOW).removed().count()).isEqualTo(1);
    }

    @Test
    void forgetsTheLeaseOfAProcessThatDied() throws IOException {
        DiskContentStore store = open();
        Digest leased = SampleImage.blob(store, "leased");
        // No process renews it: its file is as old as if one had died.
        try (Lease lease = store.lease(Duration.ofDays(1), "a test")) {
            lease.protect(leased);
            assertThat(collect(store, NOW).removed().count()).isZero();
            age("leases", Instant.now().minusSeconds(1));
            assertThat(collect(store, NOW).removed().count()).isEqualTo(1);
            age("leases", Instant.now().minus(Duration.ofDays(1)));
            collect(store, NOW);
            try (var files = Files.list(folder.resolve("leases"))) {
                assertThat(files).isEmpty();
            }
        }
    }

    private void age(String subfolder, Instant time) throws IOException {
        try (var files = Files.list(folder.resolve(subfolder))) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(time));
            }
        }
    }

    @Test
    void renewsALeaseWhileItsProcessLives() throws Exception {
        DiskContentStore store = open();
        Digest leased = SampleImage.blob(store, "leased");
        try (Lease lease = store.lease(Duration.ofMillis(600), "a test")) {
            lease.protect(leased);
            Instant end = Instant.now().plusSeconds(2);
            while (Instant.now().isBefore(end)) {
                assertThat(collect(store, NOW).leased().count()).isEqualTo(1);
            }
            lease.require();
        }
    }

    @Test
    void dropsAbandonedIngestsAndNothingElse() throws IOException {
        DiskContentStore store = open();
        try (Ingest abandoned = store.ingest(StoreContract.DIGEST, 10, Cancellation.never())) {
            abandoned.write(StoreContract.BYTES, 0, 4);
        }
        store.stage("abandoned").close();
        CollectOptions options = NOW.withAbandonedAfter(Duration.ofHours(1));
        assertThat(collect(store, options).abandoned().count()).isZero();
        age("ingest", Instant.now().minus(Duration.ofHours(2)));
        age("uploads", Instant.now().minus(Duration.ofHours(2)));
        try (Ingest inUse = store.ingest(StoreContract.DIGEST, 10, Cancellation.never())) {
            assertThat(inUse.offset()).isEqualTo(4);
            assertThat(collect(store, options.withDryRun(true)).abandoned().count())
                    .isEqualTo(1);
            assertThat(collect(store, options).abandoned().count()).isEqualTo(1);
        }
        assertThat(store.staged("abandoned")).isEmpty();
        assertThat(collect(store, options).abandoned().size().bytes()).isEqualTo(4);
        try (Ingest anew = store.ingest(StoreContract.DIGEST, 10, Cancellation.never())) {
            assertThat(anew.offset()).isZero();
        }
    }

    @Test
    void sweepsReferencesThatWereNeverFinished() throws IOException {
        DiskContentStore store = open();
        store.tag("localhost/a:1", Descriptor.of(MediaTypes.MANIFEST, new byte[0]));
        Path torn = Files.writeString(folder.resolve("ingest/reference-torn"), "{\"name\"");
        Files.setLastModifiedTime(torn, FileTime.from(Instant.now().minus(Duration.ofHours(2))));

        DiskContentStore.open(folder).close();

        assertThat(torn).doesNotExist();
    }

    @Test
    void bringsBackWhatACollectionThatDiedLeftAside() throws IOException {
        DiskContentStore store = open();
        Descriptor image = SampleImage.image(store, "{}", "layer");
        store.tag("localhost/a:1", image);
        Path aside = Files.createDirectories(folder.resolve("aside"));
        Path blob = store.file(image.digest()).orElseThrow();
        Files.move(blob, aside.resolve("sha256-" + image.digest().hex()));

        assertThat(store.has(image.digest())).isTrue();
        assertThat(blob).exists();
        Files.move(blob, aside.resolve("sha256-" + image.digest().hex()));
        assertThat(collect(store, NOW).removed().count()).isZero();
        assertThat(blob).exists();
    }

    @Test
    void takesDamagedBlobsOut() throws IOException {
        DiskContentStore store = open();
        Descriptor image = SampleImage.image(store, "{}", "layer");
        Path file = store.file(Digest.sha256("layer")).orElseThrow();
        Files.writeString(file, "lAyer");

        VerifyReport report = store.verify(store.blobs(), ProgressListener.NONE, Cancellation.never());

        assertThat(report.checked()).isEqualTo(3);
        assertThat(report.damaged()).containsExactly(Digest.sha256("layer"));
        assertThat(store.has(Digest.sha256("layer"))).isFalse();
        assertThat(store.has(image.digest())).isTrue();
        assertThat(folder.resolve("quarantine/sha256-" + Digest.sha256("layer").hex()))
                .hasContent("lAyer");
        SampleImage.blob(store, "layer");
        assertThat(store.verify(store.blobs(), ProgressListener.NONE, Cancellation.never())
                        .damaged())
                .isEmpty();
    }

    @Test
    void neverReadsOrCollectsByADamagedManifest() throws IOException {
        DiskContentStore store = open();
        Descriptor image = SampleImage.image(store, "{}", "layer");
        store.tag("localhost/a:1", image);
        Path file = store.file(image.digest()).orElseThrow();
        Files.writeString(
                file, Files.readString(file).replace(Digest.sha256("layer").hex(), "f".repeat(64)));

        assertThatThrownBy(() -> store.read(image.digest(), dev.slipway.oci.ManifestDocument.MAX_SIZE))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.CORRUPT));
        assertThatThrownBy(() -> collect(store, NOW)).hasMessageContaining("another digest");
        assertThat(store.has(Digest.sha256("layer"))).isTrue();

        store.untag("localhost/a:1");
        assertThat(collect(store, NOW).removed().count()).isEqualTo(3);
    }

    @Test
    void takesOverReferencesOfTheFirstVersion() throws IOException {
        open();
        Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, StoreContract.BYTES);
        Path old = folder.resolve("references")
                .resolve(Digest.sha256("localhost/a:1").hex());
        Files.write(
                old,
                dev.slipway.oci.json.JsonObject.write(
                        java.util.Map.of("name", "localhost/a:1", "descriptor", descriptor.toJson())));

        DiskContentStore store = open();

        assertThat(store.names()).containsExactly("localhost/a:1");
        assertThat(store.resolve("localhost/a:1")).contains(descriptor);
        assertThat(old).doesNotExist();
    }

    @Test
    void writesItsIndexAtRest() {
        Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, StoreContract.BYTES);
        try (DiskContentStore store = open()) {
            store.tag("localhost/a:1", descriptor);
            store.tag("localhost/b:1", descriptor);
            store.untag("localhost/b:1");
        }
        LayoutContentStore layout = LayoutContentStore.openReadOnly(folder);
        assertThat(layout.names()).containsExactly("localhost/a:1");
        assertThat(layout.resolve("localhost/a:1")).contains(descriptor);
    }
}
