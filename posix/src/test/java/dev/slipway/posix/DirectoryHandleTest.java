package dev.slipway.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was done is read by stat, find, getfattr and readlink, not by what did it. */
class DirectoryHandleTest {
    private static final Instant OLD = Instant.ofEpochSecond(-7_654_321_000L / 4, 123_456_789);

    @TempDir
    Path folder;

    private DirectoryHandle directory;

    @BeforeEach
    void open() throws IOException {
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        directory = DirectoryHandle.open(folder);
    }

    @AfterEach
    void close() throws IOException {
        directory.close();
    }

    @Test
    void writesFilesUnderNamesOfAnyBytes() throws Exception {
        String name = "n\u00ff\u0080\n'\"\\ \u00c3\u00bc";
        byte[] content = new byte[300_000];
        content[299_999] = 7;
        try (FileHandle file = directory.createFile(name, 0600)) {
            file.write(content, 0, content.length);
            file.mode(06750);
            file.modified(OLD);
        }
        assertThat(run("find", ".", "-type", "f", "-printf", "%f\\0%s %m %T@"))
                .isEqualTo(name + "\0" + "300000 6750 -1913580250.1234567890");
        assertThat(directory.names()).containsExactly(name);
        assertThat(directory.status(name).modified()).isEqualTo(OLD);
        directory.removeFile(name);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void leavesHoles() throws Exception {
        try (FileHandle file = directory.createFile("sparse", 0644)) {
            file.position(8 << 20);
            file.write("data".getBytes(StandardCharsets.UTF_8), 0, 4);
            file.size(16 << 20);
            assertThat(file.status().size()).isEqualTo(16 << 20);
            assertThat(file.status().allocated()).isLessThan(1 << 20);
        }
        assertThat(run("stat", "-c", "%s", "sparse").strip()).isEqualTo("16777216");
        assertThat(Long.parseLong(run("stat", "-c", "%b", "sparse").strip())).isLessThan(2048);
        assertThat(run("tail", "-c", "+8388609", "sparse").substring(0, 5)).isEqualTo("data\0");
    }

    @Test
    void makesLinksAndNeverFollowsThem() throws Exception {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        Files.writeString(outside.resolve("secret"), "s");
        directory.makeDirectory("in", 0755);
        directory.makeSymbolicLink("soft", "outside//x\u00ff");
        directory.makeSymbolicLink("door", "outside");
        directory.link("soft", directory, "soft2");
        directory.modified("soft", OLD);

        assertThat(run("readlink", "-n", "soft")).isEqualTo("outside//x\u00ff");
        assertThat(run("stat", "-c", "%h %Y %F", "soft2").strip()).isEqualTo("2 -1913580250 symbolic link");
        assertThat(directory.symbolicLink("soft2")).isEqualTo("outside//x\u00ff");
        assertThatThrownBy(() -> directory.openDirectory("door")).isInstanceOf(PosixException.class);
        assertThatThrownBy(() -> directory.openBelow(List.of("door"))).isInstanceOf(PosixException.class);
        assertThatThrownBy(() -> directory.createFile("door", 0644))
                .isInstanceOfSatisfying(
                        PosixException.class, e -> assertThat(e.errno()).isEqualTo(Errno.EXIST))
                .hasMessage("door: File exists (openat)");
        try (DirectoryHandle same = directory.openBelow(List.of())) {
            assertThat(same.status().isSameFile(directory.status())).isTrue();
        }
        try (DirectoryHandle in = directory.openBelow(List.of("in"))) {
            assertThat(in.status().isSameFile(directory.status("in"))).isTrue();
            directory.rename("soft2", in, "moved", false);
            assertThatThrownBy(() -> directory.rename("soft", in, "moved", false))
                    .isInstanceOf(PosixException.class);
        }
        assertThat(run("readlink", "-n", "in/moved")).isEqualTo("outside//x\u00ff");
    }

    @Test
    void takesNoNameThatLeadsElsewhere() {
        for (String name : List.of("", ".", "..", "a/b", "a\0b", "\u0100")) {
            assertThatThrownBy(() -> directory.createFile(name, 0644)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> directory.openBelow(List.of("x", name)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> directory.link("a", directory, name)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void setsExtendedAttributes() throws Exception {
        byte[] value = {0, 1, (byte) 0xff};
        try (FileHandle file = directory.createFile("f", 0644)) {
            try {
                file.xattr("user.note", value);
            } catch (PosixException e) {
                assumeTrue(e.errno() != Errno.OPNOTSUPP, "this file system has no extended attributes");
                throw e;
            }
            directory.xattr("f", "user.other", value);
            assertThat(run("getfattr", "-d", "-e", "hex", "f")).contains("user.note=0x0001ff", "user.other=0x0001ff");
            assertThat(file.removeXattr("user.note")).isTrue();
            assertThat(file.removeXattr("user.note")).isFalse();
            assertThatThrownBy(() -> file.xattr("user.big", new byte[1 << 20])).isInstanceOf(PosixException.class);
        }
    }

    @Test
    void makesSpecialFilesAndGivesThemAway() throws Exception {
        directory.makeSpecialFile("pipe", FileKind.FIFO, 0600, 0, 0);
        directory.mode("pipe", 0666);
        assertThat(run("stat", "-c", "%F %a", "pipe").strip()).isEqualTo("fifo 666");
        assumeTrue(Posix.effectiveUser() == 0, "not running as root, who alone makes devices");
        directory.makeSpecialFile("disk", FileKind.BLOCK_DEVICE, 0600, 259, 66_000);
        directory.owner("disk", 70_000, 80_000);
        directory.mode("disk", 0640);
        // In the words of stat, 66000 is 101d0.
        assertThat(run("stat", "-c", "%F %u %g %a %t %T", "disk").strip())
                .isEqualTo("block special file 70000 80000 640 103 101d0");
        assertThatThrownBy(() -> directory.makeSpecialFile("far", FileKind.BLOCK_DEVICE, 0600, 5000, 0))
                .isInstanceOf(PosixException.class);
    }

    @Test
    void locksOutEveryOtherHandle() throws Exception {
        try (DirectoryHandle other = DirectoryHandle.open(folder)) {
            assertThat(directory.tryLock()).isTrue();
            assertThat(other.tryLock()).isFalse();
            assertThat(other.tryLockShared()).isFalse();
            directory.close();
            assertThat(other.tryLock()).isTrue();
        }
        assertThatThrownBy(() -> directory.names()).isInstanceOf(PosixException.class);
    }

    @Test
    void makesThingsDurable() throws Exception {
        try (FileHandle file = directory.createFile("f", 0644)) {
            file.reserve(1 << 20);
            file.writeAt(10, new byte[] {1, 2, 3}, 1, 2);
            file.startWriting(0, 100);
            file.syncData();
            file.sync();
            file.syncFileSystem();
        }
        directory.sync();
        byte[] read = new byte[20];
        try (FileHandle file = directory.openFile("f")) {
            assertThat(file.read(read, 0, 20)).isEqualTo(12);
            assertThat(file.read(read, 0, 20)).isEqualTo(-1);
        }
        assertThat(read).startsWith(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3);
    }

    @Test
    void readsLongDirectories() throws Exception {
        for (int i = 0; i < 5000; i++) {
            directory.createFile("a-rather-long-name-for-a-file-" + i, 0644).close();
        }
        assertThat(directory.names()).hasSize(5000).doesNotHaveDuplicates();
    }

    private String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
