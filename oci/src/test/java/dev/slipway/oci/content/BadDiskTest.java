package dev.slipway.oci.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Disks that are full at any write, or may not be written. */
class BadDiskTest {
    private static final int SIZE = 256 << 10;
    private static final CollectOptions NOW = CollectOptions.defaults().withMinAge(Duration.ZERO);

    @TempDir
    Path folder;

    private Path disk;
    private Path content;

    @BeforeEach
    void mountASmallDisk() throws Exception {
        disk = Files.createDirectory(folder.resolve("disk"));
        content = disk.resolve("content");
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0;
        if (!mounted) {
            System.err.println("Skipped: a small file system cannot be mounted here.");
        }
        assumeTrue(mounted, "a small file system cannot be mounted here");
    }

    @AfterEach
    void unmount() throws Exception {
        run("umount", disk.toString());
    }

    private static int run(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    private static byte[] bytes(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void saysWhatIsNeededAndWhatIsFree() {
        DiskContentStore store = DiskContentStore.open(content);
        byte[] large = bytes(1, 2 << 20);
        Digest digest = Digest.sha256(large);
        try (Ingest ingest = store.ingest(digest, large.length, Cancellation.never())) {
            ingest.write(large, 0, 1 << 19);
            assertThatThrownBy(() -> ingest.write(large, 1 << 19, large.length - (1 << 19)))
                    .hasMessageContaining("the disk is full: 1.5 MiB more are needed and 0 B are free")
                    .satisfies(BadDiskTest::requireExhausted);
            assertThat(ingest.offset()).isEqualTo(1 << 19);
        }
        assertThat(store.has(digest)).isFalse();
        assertThat(store.collect(NOW.withAbandonedAfter(Duration.ZERO), ProgressListener.NONE, Cancellation.never())
                        .abandoned()
                        .count())
                .isEqualTo(1);
        byte[] small = bytes(2, SIZE);
        store.put(Digest.sha256(small), small);
    }

    @Test
    void staysConsistentWhereverTheDiskBecomesFull() throws IOException {
        DiskContentStore.open(content).tag("localhost/a:0", describe(bytes(0, 1)));
        Path hog = disk.resolve("hog");
        int failures = 0;
        int round = 1;
        boolean whole;
        do {
            fill(hog, round * 4096);
            DiskContentStore store = DiskContentStore.open(content);
            byte[] blob = bytes(round, SIZE);
            Descriptor descriptor = describe(blob);
            List<Runnable> steps = List.of(
                    () -> store.stage("upload").close(),
                    () -> write(store, "upload", blob),
                    () -> store.lease(Duration.ofMinutes(1), "a test").close(),
                    () -> protect(store, descriptor.digest()),
                    () -> store.put(descriptor.digest(), blob),
                    () -> store.tag("localhost/a:0", descriptor),
                    () -> store.tag("localhost/new/" + store.names().size() + ":1", descriptor),
                    store::writeIndex);
            whole = true;
            for (Runnable step : steps) {
                whole &= attempt(step);
            }
            failures += whole ? 0 : 1;
            requireConsistent(store);
            Files.delete(hog);
            store.put(descriptor.digest(), blob);
            store.tag("localhost/a:0", descriptor);
            requireConsistent(store);
            for (String name : store.names()) {
                store.untag(name);
            }
            store.tag("localhost/a:0", descriptor);
            store.collect(NOW.withAbandonedAfter(Duration.ZERO), ProgressListener.NONE, Cancellation.never());
            assertThat(store.blobs()).containsExactly(descriptor.digest());
            round++;
        } while (!whole);
        assertThat(failures).isGreaterThan(SIZE / 4096);
    }

    private static Descriptor describe(byte[] bytes) {
        return Descriptor.of(MediaTypes.LAYER_TAR, bytes);
    }

    private static void write(DiskContentStore store, String id, byte[] blob) {
        store.staged(id).ifPresent(staging -> {
            try (staging) {
                staging.write(blob, 0, blob.length);
            } finally {
                staging.discard();
            }
        });
    }

    private static void protect(DiskContentStore store, Digest digest) {
        try (Lease lease = store.lease(Duration.ofMinutes(1), "a test")) {
            lease.protect(digest);
        }
    }

    /** Says whether it went well; else it must have been for want of space. */
    private static boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (CodedException e) {
            requireExhausted(e);
            return false;
        }
    }

    private static void requireExhausted(Throwable failure) {
        assertThat(failure)
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.EXHAUSTED));
    }

    private static void requireConsistent(DiskContentStore store) {
        assertThat(store.verify(store.blobs(), ProgressListener.NONE, Cancellation.never())
                        .damaged())
                .isEmpty();
        assertThat(store.references()).isNotEmpty();
    }

    /** Leaves that many bytes free. */
    private void fill(Path hog, int free) throws IOException {
        long left = Files.getFileStore(disk).getUsableSpace() - free;
        try (var out = Files.newOutputStream(hog)) {
            for (; left > 0; left -= 4096) {
                out.write(new byte[4096]);
            }
        }
    }

    @Test
    void servesFromADiskThatMayOnlyBeRead() throws Exception {
        DiskContentStore before = DiskContentStore.open(content);
        Descriptor image = SampleImage.image(before, "{}", "layer");
        before.tag("localhost/a:1", image);
        SampleImage.blob(before, "garbage");
        before.close();
        assertThat(run("mount", "-o", "remount,ro", disk.toString())).isZero();

        try (DiskContentStore store = DiskContentStore.open(content)) {
            requireComplete(store, "localhost/a:1");
            assertThat(store.hold(image.digest(), Duration.ofHours(1))).isTrue();
            assertThat(store.has(Digest.sha256("nothing"))).isFalse();
            try (Lease lease = store.lease(Duration.ofMinutes(1), "a reader")) {
                assertThat(lease.protect(image.digest())).isTrue();
                lease.require();
            }
            byte[] bytes = bytes(1, 10);
            List<Runnable> changes = List.of(
                    () -> store.put(Digest.sha256(bytes), bytes),
                    () -> store.stage("upload"),
                    () -> store.tag("localhost/b:1", image),
                    () -> store.untag("localhost/a:1"),
                    () -> store.root("root", image),
                    () -> store.collect(NOW, ProgressListener.NONE, Cancellation.never()));
            for (Runnable change : changes) {
                assertThatThrownBy(change::run)
                        .hasMessageContaining("no permission")
                        .satisfies(BadDiskTest::requireExhausted);
            }
        }
        assertThat(run("mount", "-o", "remount,rw", disk.toString())).isZero();
        DiskContentStore after = DiskContentStore.open(content);
        assertThat(after.collect(NOW, ProgressListener.NONE, Cancellation.never())
                        .removed()
                        .count())
                .isEqualTo(1);
        requireComplete(after, "localhost/a:1");
    }

    private static void requireComplete(ContentStore store, String name) {
        StressWorker.requireComplete(store, name, store.resolve(name).orElseThrow());
    }
}
