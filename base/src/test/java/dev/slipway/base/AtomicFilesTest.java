package dev.slipway.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFilesTest {
    @TempDir
    Path folder;

    @Test
    void replacesAFileAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("a/b.json");
        AtomicFiles.write(file, "old".getBytes(StandardCharsets.UTF_8));
        AtomicFiles.write(file, "new".getBytes(StandardCharsets.UTF_8));

        assertThat(file).hasContent("new");
        try (Stream<Path> names = Files.list(folder.resolve("a"))) {
            assertThat(names).containsExactly(file);
        }
    }

    @Test
    void movesALinkFromOneTargetToAnother() throws IOException {
        Path link = folder.resolve("current");
        AtomicFiles.link(link, Path.of("one"));
        AtomicFiles.link(link, Path.of("two"));

        assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("two"));
    }

    @Test
    void deletesATreeWithoutFollowingLinks() throws IOException {
        Path kept = Files.createDirectory(folder.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path tree = Files.createDirectories(folder.resolve("tree/deep"));
        Files.createSymbolicLink(tree.resolve("out"), kept);

        AtomicFiles.deleteRecursively(folder.resolve("tree"));

        assertThat(folder.resolve("tree")).doesNotExist();
        assertThat(kept.resolve("file")).exists();
    }

    @Test
    void explainsAFullDiskAndAMissingPermission() {
        BaseException full = AtomicFiles.explain("write a blob", new IOException("No space left on device"));
        BaseException denied = AtomicFiles.explain("write a blob", new AccessDeniedException("/root/x"));
        BaseException refused = AtomicFiles.explain("write a blob", new IOException("x: Permission denied (openat)"));
        assertThat(refused.code()).isEqualTo("base.not-writable");

        assertThat(full.code()).isEqualTo("base.disk-full");
        assertThat(full.hint()).contains("SLIPWAY_HOME");
        assertThat(denied.code()).isEqualTo("base.not-writable");
        assertThat(denied).hasMessageContaining("/root/x");
    }
}
