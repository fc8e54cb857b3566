package dev.slipway.oci.tree;

import static dev.slipway.oci.tree.SampleTree.directory;
import static dev.slipway.oci.tree.SampleTree.file;
import static dev.slipway.oci.tree.SampleTree.owned;
import static dev.slipway.oci.tree.SampleTree.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import dev.slipway.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** File systems that are full, are mount points, or lack links; mounted for the test, so for root alone. */
class SmallFileSystemTest {
    @TempDir
    Path folder;

    private Path mount;
    private boolean mounted;

    @BeforeEach
    void prepare() throws Exception {
        assumeTrue(Tools.isRoot(), "not running as root, who alone may mount");
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        mount = Files.createDirectory(folder.resolve("mount"));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            Tools.run(folder, "umount", mount.toString());
        }
    }

    private void mount(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(mount.toString());
        int status =
                new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
        assumeTrue(status == 0, () -> "this machine cannot do: " + String.join(" ", command));
        mounted = true;
    }

    @Test
    void saysThatTheDiskIsFullAndLeavesItAsItWas() throws Exception {
        mount("-t", "tmpfs", "-o", "size=1m,nr_inodes=100", "tmpfs");
        Path root = mount.resolve("root");
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            assertThatThrownBy(() -> SampleTree.add(sink, file("large", 2 << 20, owned(0644, 0, 0))))
                    .isInstanceOfSatisfying(
                            CodedException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.EXHAUSTED))
                    .hasMessageContaining("unpack /large into " + root)
                    .hasMessageContaining("disk is full");
        }
        assertThat(mount).isEmptyDirectory();
        try (DirectorySink sink = DirectorySink.create(root)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 200; i++) {
                            SampleTree.add(sink, directory("d" + i, owned(0755, 0, 0)));
                        }
                    })
                    .isInstanceOfSatisfying(
                            CodedException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.EXHAUSTED));
        }
        assertThat(mount).isEmptyDirectory();
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.add(sink, file("small", 3, owned(0644, 0, 0)));
            sink.finish();
            sink.publish();
        }
        assertThat(root.resolve("small")).hasContent("sma");
    }

    @Test
    void fillsAMountPointFromInside() throws Exception {
        mount("-t", "tmpfs", "tmpfs");
        Path left = Files.createDirectories(mount.resolve(".slipway-unpack-0123456789abcdef/a"));
        try (DirectorySink sink = DirectorySink.create(mount)) {
            assertThat(left).doesNotExist();
            SampleTree.into(sink);
            sink.publish();
            assertThat(sink.report().complete()).isTrue();
        }
        List<String> here = Tools.find(mount, Tools.ALL);
        try (DirectorySink sink = DirectorySink.create(folder.resolve("other"))) {
            SampleTree.into(sink);
            sink.publish();
        }
        assertThat(here).isEqualTo(Tools.find(folder.resolve("other"), Tools.ALL));
    }

    @Test
    void refusesAReadOnlyFileSystem() throws Exception {
        mount("-t", "tmpfs", "-o", "ro", "tmpfs");
        assertThatThrownBy(() -> DirectorySink.create(mount.resolve("root")))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.EXHAUSTED));
    }

    @Test
    void givesNoEntryWhatTheFolderAroundHandsDown() throws Exception {
        assumeTrue(Tools.isInstalled("setfacl"), "setfacl is not installed");
        Tools.run(folder, "setfacl", "-d", "-m", "u:12:rwx", folder.toString());
        Tools.run(folder, "chmod", "g+s", folder.toString());
        Tools.run(folder, "chgrp", "34", folder.toString());
        try (DirectorySink sink = DirectorySink.create(folder.resolve("root"))) {
            SampleTree.into(sink);
            sink.publish();
        }
        assertThat(Tools.find(folder.resolve("root"), "%P %m %G\\0"))
                .contains(" 751 0", "big 664 0", "closed/in 500 0", "tmp 1777 0");
        assertThat(Tools.run(folder, "getfacl", "-R", "-s", "root")).isEmpty();
    }

    @Test
    void copiesAndCountsWhereThereAreNoLinks() throws Exception {
        assumeTrue(Tools.isInstalled("mkfs.vfat"), "mkfs.vfat is not installed");
        Path image = folder.resolve("image");
        Tools.run(folder, "truncate", "-s", "16M", image.toString());
        Tools.run(folder, "mkfs.vfat", image.toString());
        mount("-o", "loop", image.toString());
        Path root = mount.resolve("root");
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.add(sink, directory("", owned(0755, 0, 0)));
            SampleTree.add(sink, file("f", 5, owned(0640, 12, 34)));
            SampleTree.add(sink, new TreeEntry.HardLink(path("h"), owned(0640, 12, 34), path("f")));
            SampleTree.add(sink, new TreeEntry.SymbolicLink(path("s"), owned(0777, 0, 0), "f"));
            assertThatThrownBy(() -> SampleTree.add(sink, file("F", 5, owned(0640, 0, 0))))
                    .isInstanceOfSatisfying(
                            OciException.class, e -> assertThat(e.code()).isEqualTo("oci.name-collision"));
            sink.finish();
            sink.publish();
            assertThat(sink.report().count(Shortfall.HARD_LINK)).isEqualTo(1);
            assertThat(sink.report().count(Shortfall.SYMBOLIC_LINK)).isEqualTo(1);
            assertThat(sink.report().count(Shortfall.OWNER)).isEqualTo(2);
        }
        assertThat(root.resolve("h")).hasContent("fffff");
    }
}
