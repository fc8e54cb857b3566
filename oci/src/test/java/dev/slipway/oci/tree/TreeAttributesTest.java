package dev.slipway.oci.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.posix.Posix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As root, everything is held: find, getfattr, stat and tar say so. */
class TreeAttributesTest {
    @TempDir
    Path folder;

    private Path root;

    @BeforeEach
    void layOut() throws Exception {
        assumeTrue(Tools.isRoot(), "not running as root, who alone may give files away");
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        root = folder.resolve("root");
        try (DirectorySink sink = DirectorySink.create(root)) {
            SampleTree.into(sink);
            sink.publish();
            assertThat(sink.report().complete()).as(sink.report().toString()).isTrue();
        }
    }

    @Test
    void givesKindsModesOwnersLinksAndTimes() throws Exception {
        String time = "1234567890.1234567890";
        String deep = "d".repeat(120) + "/" + "e".repeat(200);
        assertThat(Tools.find(root, Tools.ALL))
                .containsExactlyInAnyOrder(
                        line("", "d", "751", "0:0", 7, time, ""),
                        line("closed", "d", "0", "12:34", 3, time, ""),
                        line("closed/in", "d", "500", "0:0", 2, time, ""),
                        line("shared", "d", "3775", "1234:4321", 2, time, ""),
                        line("tmp", "d", "1777", "0:0", 2, time, ""),
                        line("d".repeat(120), "d", "755", "0:0", 3, time, ""),
                        line(deep, "d", "755", "0:0", 2, time, ""),
                        line("noted", "d", "555", "0:0", 2, "-1000000.5000000000", ""),
                        line("empty", "f", "644", "0:0", 1, time, ""),
                        line("closed/in/file", "f", "0", "70000:3000000000", 1, time, ""),
                        line("shared/file", "f", "640", "0:4321", 1, time, ""),
                        line("big", "f", "664", "0:0", 2, time, ""),
                        line("closed/again", "f", "664", "0:0", 2, time, ""),
                        line("setuid", "f", "6755", "1234:4321", 1, time, ""),
                        line(SampleTree.ODD_NAME, "f", "600", "0:0", 1, time, ""),
                        line("line\nbreak", "f", "444", "0:0", 1, time, ""),
                        line(deep + "/" + "f".repeat(255), "f", "644", "0:0", 1, time, ""),
                        line("old", "f", "644", "0:0", 1, "-1000000.5000000000", ""),
                        line("late", "f", "644", "0:0", 1, "5000000000.0000000010", ""),
                        line("ping", "f", "555", "12:34", 1, time, ""),
                        line("trusted", "f", "400", "0:0", 1, time, ""),
                        line("sparse", "f", "644", "0:0", 1, time, ""),
                        line("hole", "f", "644", "0:0", 1, time, ""),
                        line("soft", "l", "777", "12:34", 2, time, "..//x\u00ff/./y/"),
                        line("soft2", "l", "777", "12:34", 2, time, "..//x\u00ff/./y/"),
                        line("shared/old", "l", "777", "0:0", 1, "-1000000.5000000000", "/"),
                        line("zero", "c", "666", "0:0", 2, time, ""),
                        line("zero2", "c", "666", "0:0", 2, time, ""),
                        line("disk", "b", "660", "0:6", 1, time, ""),
                        line("pipe", "p", "622", "12:0", 1, time, ""));
        assertThat(Tools.run(root, "stat", "-c", "%F %t %T", "zero2", "disk"))
                .isEqualTo("character special file 1 5\nblock special file 103 12c\n");
        assertThat(inode("closed/again")).isEqualTo(inode("big"));
    }

    private static String line(
            String path, String kind, String mode, String owner, int links, String time, String target) {
        return String.join("\t", path, kind, mode, owner, Integer.toString(links), time, target);
    }

    private String inode(String name) throws Exception {
        return Tools.run(root, "stat", "-c", "%i", name);
    }

    @Test
    void writesContentAndLeavesHoles() throws Exception {
        for (String name : List.of("big", "setuid", "ping", "closed/in/file")) {
            Path file = root.resolve(name);
            int size = (int) Files.size(file);
            assertThat(file)
                    .hasBinaryContent(SampleTree.content(file.getFileName().toString(), size));
        }
        byte[] sparse = new byte[SampleTree.SPARSE_SIZE];
        byte[] data = SampleTree.content("sparse", 5010);
        System.arraycopy(data, 0, sparse, 1 << 20, 5000);
        System.arraycopy(data, 5000, sparse, sparse.length - 10, 10);
        assertThat(root.resolve("sparse")).hasBinaryContent(sparse);
        assertThat(root.resolve("hole")).hasBinaryContent(new byte[SampleTree.SPARSE_SIZE]);
        assertThat(Tools.run(root, "stat", "-c", "%b", "hole")).isEqualTo("0\n");
        assertThat(Integer.parseInt(
                        Tools.run(root, "stat", "-c", "%b", "sparse").strip()))
                .isLessThan(100);
    }

    @Test
    void keepsExtendedAttributesOfAllKinds() throws Exception {
        assumeTrue(Tools.isInstalled("getfattr"), "getfattr is not installed");
        assertThat(Tools.run(root, "getfattr", "-h", "-d", "-m", "-", "-e", "hex", "noted", "ping", "trusted"))
                .isEqualTo("""
                        # file: noted
                        user.note=0x0001ff

                        # file: ping
                        security.capability=0x0100000200200000000000000000000000000000
                        user.note=0x41

                        # file: trusted
                        trusted.note=0x42

                        """);
    }

    @Test
    void isTheTreeThatTarMakesOfATarSink() throws Exception {
        Path archive = folder.resolve("tree.tar");
        try (TarSink sink = TarSink.to(Files.newOutputStream(archive))) {
            SampleTree.into(sink);
        }
        Path extracted = Files.createDirectory(folder.resolve("extracted"));
        Tools.run(
                extracted,
                "tar",
                "--extract",
                "--file=" + archive,
                "--xattrs",
                "--xattrs-include=*",
                "--same-owner",
                "--same-permissions",
                "--numeric-owner",
                "--delay-directory-restore");

        assertThat(Tools.find(extracted, Tools.ALL)).isEqualTo(Tools.find(root, Tools.ALL));
        String[] attributes = {"getfattr", "-h", "-d", "-m", "-", "-e", "hex", "noted", "ping", "trusted"};
        assertThat(Tools.run(extracted, attributes)).isEqualTo(Tools.run(root, attributes));
        assertThat(Tools.run(extracted, "stat", "-c", "%s %b", "hole")).isEqualTo(SampleTree.SPARSE_SIZE + " 0\n");
        for (String name : List.of("big", "sparse", "hole", "closed/in/file", "shared/file")) {
            assertThat(extracted.resolve(name)).hasSameBinaryContentAs(root.resolve(name));
        }
    }
}
