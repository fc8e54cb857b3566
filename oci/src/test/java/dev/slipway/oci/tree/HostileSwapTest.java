package dev.slipway.oci.tree;

import static dev.slipway.oci.tree.SampleTree.directory;
import static dev.slipway.oci.tree.SampleTree.file;
import static dev.slipway.oci.tree.SampleTree.owned;
import static dev.slipway.oci.tree.SampleTree.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.CodedException;
import dev.slipway.posix.Posix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Someone with the right to do so exchanges directories for links while a tree is laid out. */
class HostileSwapTest {
    private static final int FOLDERS = 80;
    private static final int FILES = 3;
    private static final int ROUNDS = 6;
    private static final String LISTING = "%P %y %m %U %G %n %s %T@ %C@\\0";

    @TempDir
    Path folder;

    private Path outside;
    private Path root;

    @BeforeEach
    void prepare() throws IOException {
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        outside = Files.createDirectory(folder.resolve("outside"));
        root = folder.resolve("root");
        for (int i = 0; i < FILES; i++) {
            // What would be overwritten, linked to or given away, were a link followed.
            Files.writeString(outside.resolve("old" + i), "keep");
            Files.setPosixFilePermissions(outside.resolve("old" + i), PosixFilePermissions.fromString("rw-------"));
        }
        Files.createDirectory(outside.resolve("sub"));
    }

    @Test
    void neverWritesThroughALinkThatIsSwappedInAllTheTime() throws Exception {
        var before = Tools.find(outside, LISTING);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicLong swaps = new AtomicLong();
        Thread hostile = Thread.ofPlatform().start(() -> swapUntil(stop, swaps));
        int failed = 0;
        try {
            // Until enough was exchanged, whatever the machine is busy with.
            for (int round = 0; round < ROUNDS || swaps.get() < 100; round++) {
                failed += unpackOnce(folder.resolve("root" + round)) ? 0 : 1;
                assertThat(Tools.find(outside, LISTING)).isEqualTo(before);
            }
        } finally {
            stop.set(true);
            hostile.join();
        }
        assertThat(failed).as("unpackings that were disturbed").isPositive();
    }

    private static boolean unpackOnce(Path target) throws InterruptedException {
        try (DirectorySink sink = DirectorySink.create(target, false)) {
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            for (int i = 0; i < FOLDERS; i++) {
                SampleTree.add(sink, directory("d" + i, owned(0777, 0, 0)));
                SampleTree.add(sink, directory("d" + i + "/sub", owned(0777, 0, 0)));
            }
            for (int j = 0; j < FILES; j++) {
                for (int i = 0; i < FOLDERS; i++) {
                    SampleTree.add(sink, file("d" + i + "/new" + j, 10, owned(0666, 12, 34)));
                    SampleTree.add(sink, file("d" + i + "/sub/old" + j, 10, owned(0666, 12, 34)));
                    TreePath link = path("d" + i + "/hard" + j);
                    SampleTree.add(sink, new TreeEntry.HardLink(link, owned(0666, 12, 34), path("d" + i + "/new" + j)));
                }
            }
            sink.finish();
            sink.publish();
            return true;
        } catch (IOException | CodedException _) {
            return false;
        }
    }

    private void swapUntil(AtomicBoolean stop, AtomicLong swaps) {
        Random random = new Random(1);
        while (!stop.get()) {
            try (Stream<Path> present = Files.list(folder)) {
                for (Path staging : present.filter(path -> path.toString().contains(".slipway-unpack-"))
                        .toList()) {
                    Path place = staging.resolve("d" + random.nextInt(FOLDERS));
                    Path aside = staging.resolve("aside" + swaps.get());
                    Files.move(place, aside);
                    Files.createSymbolicLink(place, outside);
                    swaps.incrementAndGet();
                    if (random.nextInt(10) > 0) {
                        Files.delete(place);
                        Files.move(aside, place);
                    }
                }
            } catch (IOException | RuntimeException _) {
                // It was not there yet, or is gone.
            }
        }
    }

    @Test
    void writesToTheFolderItMadeOrNowhere() throws Exception {
        var before = Tools.find(outside, LISTING);
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            SampleTree.add(sink, directory("a", owned(0755, 0, 0)));
            SampleTree.add(sink, directory("b", owned(0755, 0, 0)));
            Path staging = staging();
            swap(staging.resolve("a"));
            SampleTree.add(sink, file("a/old0", 3, owned(0644, 0, 0)));
            assertThat(folder.resolve("moved-a/old0")).hasContent("old");
            sink.reset();
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            SampleTree.add(sink, directory("b", owned(0755, 0, 0)));
            swap(staging.resolve("b"));
            assertThatThrownBy(sink::finish)
                    .isInstanceOf(CodedException.class)
                    .hasMessageContaining("Could not unpack / into " + root);
        }
        assertThat(Tools.find(outside, LISTING)).isEqualTo(before);
    }

    @Test
    void publishesNothingInPlaceOfItsOwn() throws Exception {
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            sink.finish();
            Path staging = staging();
            swap(staging);
            assertThatThrownBy(sink::publish).isInstanceOf(CodedException.class).hasMessageContaining("has moved");
        }
        assertThat(root).doesNotExist();
    }

    private Path staging() throws IOException {
        try (Stream<Path> present = Files.list(folder)) {
            return present.filter(path -> path.toString().contains(".slipway-unpack-"))
                    .findAny()
                    .orElseThrow();
        }
    }

    private void swap(Path place) throws IOException {
        Files.move(place, folder.resolve("moved-" + place.getFileName()));
        Files.createSymbolicLink(place, outside);
    }
}
