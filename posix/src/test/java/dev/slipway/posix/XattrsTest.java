package dev.slipway.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class XattrsTest {
    @TempDir
    Path folder;

    @Test
    void readsWhatSetfattrWrites() throws Exception {
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        Files.writeString(folder.resolve("f"), "");
        boolean set =
                setfattr("user.a", "one", "f") && setfattr("user.empty", "", "f") && setfattr("user.d", "dir", ".");
        assumeTrue(set, "setfattr is not installed, or the file system has no extended attributes");

        try (DirectoryHandle directory = DirectoryHandle.open(folder)) {
            assertThat(texts(directory.xattrs("f")))
                    .containsEntry("user.a", "one")
                    .containsEntry("user.empty", "");
            assertThat(texts(directory.xattrs())).containsEntry("user.d", "dir");
        }
    }

    @Test
    void tellsWhatADeviceStandsFor() throws Exception {
        assumeTrue(Posix.isAvailable(), () -> "there are no system calls here: " + Posix.whyNot());
        try (DirectoryHandle directory = DirectoryHandle.open(Path.of("/dev"))) {
            FileStatus zero = directory.status("zero");
            assertThat(zero.kind()).isEqualTo(FileKind.CHARACTER_DEVICE);
            assertThat(zero.major()).isEqualTo(1);
            assertThat(zero.minor()).isEqualTo(5);
        }
    }

    private boolean setfattr(String name, String value, String file) throws Exception {
        return new ProcessBuilder(
                                "sh",
                                "-c",
                                "setfattr -n \"$0\" -v \"$1\" \"$2\"",
                                name,
                                value,
                                folder.resolve(file) + "")
                        .start()
                        .waitFor()
                == 0;
    }

    private static Map<String, String> texts(Map<String, byte[]> values) {
        return values.entrySet().stream()
                .collect(java.util.stream.Collectors.toMap(
                        Map.Entry::getKey, entry -> new String(entry.getValue(), StandardCharsets.UTF_8)));
    }
}
