package dev.slipway.oci.tree;

import static dev.slipway.oci.tree.SampleTree.directory;
import static dev.slipway.oci.tree.SampleTree.file;
import static dev.slipway.oci.tree.SampleTree.owned;
import static dev.slipway.oci.tree.SampleTree.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.oci.OciException;
import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.Posix;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Staging, publishing and what can go wrong. */
class DirectorySinkTest {
    private static final String NAMES = "%P\\0";

    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void name() {
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        root = folder.resolve("root");
    }

    @Test
    void showsNothingBeforeItIsPublished() throws Exception {
        try (DirectorySink sink = DirectorySink.create(root)) {
            sink.add(directory("", owned(0755, 0, 0)), InputStream.nullInputStream());
            SampleTree.add(sink, file("a", 3, owned(0644, 0, 0)));
            assertThatThrownBy(sink::publish).isInstanceOf(IllegalStateException.class);
            sink.finish();
            assertThat(root).doesNotExist();
            sink.publish();
            assertThatThrownBy(sink::reset).isInstanceOf(IllegalStateException.class);
        }
        assertThat(Tools.find(folder, NAMES)).containsExactly("", "root", "root/a");
        assertThatThrownBy(() -> DirectorySink.create(root))
                .isInstanceOfSatisfying(
                        OciException.class, e -> assertThat(e.code()).isEqualTo("oci.folder-not-empty"));
        assertThat(Tools.find(folder, NAMES)).containsExactly("", "root", "root/a");
    }

    @Test
    void leavesNothingWhenItIsClosedEarly() throws Exception {
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.into(sink);
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void replacesAnEmptyFolderAndALinkToOne() throws Exception {
        Files.createDirectory(root);
        Files.createSymbolicLink(folder.resolve("link"), root);
        publish(folder.resolve("link"), file("a", 3, owned(0644, 0, 0)));
        assertThat(Tools.find(folder, NAMES)).containsExactly("", "link", "root", "root/a");
    }

    @Test
    void startsAgainWhenTold() throws Exception {
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.add(sink, directory("", owned(0700, 0, 0)));
            SampleTree.add(sink, directory("closed", owned(0, 0, 0)));
            SampleTree.add(sink, directory("closed/in", owned(0, 0, 0)));
            SampleTree.add(sink, file("closed/in/f", 3, owned(0644, 0, 0)));
            SampleTree.add(sink, new TreeEntry.Device(path("far"), owned(0600, 0, 0), true, 1 << 20, 0));
            assertThat(sink.report().count(Shortfall.SPECIAL_FILE)).isEqualTo(1);
            sink.reset();
            assertThat(sink.report().complete()).isTrue();
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            SampleTree.add(sink, file("closed", 6, owned(0644, 0, 0)));
            sink.finish();
            sink.publish();
        }
        assertThat(root.resolve("closed")).hasContent("closed");
        assertThat(Tools.find(root, "%P %y %m\\0")).containsExactly(" d 755", "closed f 644");
    }

    @Test
    void sweepsWhatADeadProcessLeftButNoWorkInProgress() throws Exception {
        Path left = Files.createDirectories(folder.resolve(".root.slipway-unpack-0123456789abcdef/a/b"));
        Files.createFile(left.resolve("file"));
        Path other = Files.createDirectories(folder.resolve(".roof.slipway-unpack-0123456789abcdef"));
        Path busy = Files.createDirectories(folder.resolve(".root.slipway-unpack-fedcba9876543210"));
        try (DirectoryHandle handle = DirectoryHandle.open(busy)) {
            assertThat(handle.tryLock()).isTrue();
            publish(root, file("a", 3, owned(0644, 0, 0)));
        }
        assertThat(folder.toFile().list())
                .containsExactlyInAnyOrder(
                        "root",
                        other.getFileName().toString(),
                        busy.getFileName().toString());
    }

    @Test
    void sweepsAfterAKillButNotWhileTheOtherProcessLives() throws Exception {
        List<String> command = new ArrayList<>(Tools.java(folder, "-cp", System.getProperty("java.class.path")));
        command.addAll(List.of(StuckUnpacking.class.getName(), root.toString()));
        Process stuck = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(stuck.inputReader().readLine()).isEqualTo("waiting");
            String[] left = folder.toFile().list();
            assertThat(left).hasSize(1);
            DirectorySink.create(root).close();
            assertThat(folder.toFile().list()).isEqualTo(left);
        } finally {
            stuck.destroyForcibly().waitFor();
        }
        publish(root, file("a", 3, owned(0644, 0, 0)));
        assertThat(Tools.find(folder, NAMES)).containsExactly("", "root", "root/a");
    }

    @Test
    void leavesTheTreeOfAFasterRivalAlone() throws Exception {
        try (DirectorySink slow = DirectorySink.create(root)) {
            publish(root, file("fast", 3, owned(0644, 0, 0)));
            SampleTree.add(slow, directory("", owned(0755, 0, 0)));
            slow.finish();
            assertThatThrownBy(slow::publish)
                    .isInstanceOfSatisfying(
                            OciException.class, e -> assertThat(e.code()).isEqualTo("oci.folder-not-empty"));
        }
        assertThat(Tools.find(folder, NAMES)).containsExactly("", "root", "root/fast");
    }

    @Test
    void refusesTwoFilesOfOneName() throws Exception {
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.add(sink, file("a", 3, owned(0644, 0, 0)));
            for (TreeEntry again : List.of(
                    file("a", 1, owned(0644, 0, 0)),
                    directory("a", owned(0755, 0, 0)),
                    new TreeEntry.SymbolicLink(path("a"), owned(0777, 0, 0), "x"),
                    new TreeEntry.HardLink(path("a"), owned(0644, 0, 0), path("a")),
                    new TreeEntry.Fifo(path("a"), owned(0644, 0, 0)))) {
                assertThatThrownBy(() -> SampleTree.add(sink, again))
                        .isInstanceOfSatisfying(
                                OciException.class, e -> assertThat(e.code()).isEqualTo("oci.name-collision"))
                        .hasMessageContaining("unpack /a into " + root);
            }
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void refusesContentThatEndsEarly() throws Exception {
        try (DirectorySink sink = DirectorySink.create(root)) {
            assertThatThrownBy(() ->
                            sink.add(file("a", 3, owned(0644, 0, 0)), new ByteArrayInputStream(new byte[] {1, 2})))
                    .isInstanceOf(EOFException.class)
                    .hasMessageContaining("/a ended 1 bytes early");
        }
    }

    @Test
    void copiesWhatCanHaveNoMoreNames() throws Exception {
        int names = 65_100;
        try (DirectorySink sink = DirectorySink.create(root, false)) {
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            SampleTree.add(sink, file("f", 5, owned(0640, 0, 0)));
            for (int i = 0; i < names; i++) {
                SampleTree.add(sink, new TreeEntry.HardLink(path("h" + i), owned(0640, 0, 0), path("f")));
            }
            sink.finish();
            sink.publish();
            long copies = sink.report().count(Shortfall.HARD_LINK);
            assumeTrue(copies > 0, "this file system allows more than " + names + " names of a file");
            assertThat(copies).isEqualTo(1);
        }
        // A sum over link counts and names: every name is there, and the later ones share the copy.
        List<String> counts =
                Tools.find(root, "%n %m %s\\0").stream().distinct().toList();
        assertThat(counts)
                .hasSize(3)
                .filteredOn(line -> line.endsWith(" 640 5"))
                .hasSize(2);
        assertThat(root.resolve("h" + (names - 1))).hasContent("fffff");
    }

    private static void publish(Path target, TreeEntry... entries) throws IOException {
        try (DirectorySink sink = DirectorySink.create(target)) {
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            for (TreeEntry entry : entries) {
                SampleTree.add(sink, entry);
            }
            sink.finish();
            sink.publish();
        }
    }
}
