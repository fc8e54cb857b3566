package dev.slipway.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlipwayHomeTest {
    @TempDir
    Path folder;

    @Test
    void aNewHomeGetsItsFormatAndFoldersAndOpensAgain() throws IOException {
        Path place = folder.resolve("new/home");

        SlipwayHome home = SlipwayHome.open(place);

        assertThat(Files.readString(place.resolve("format"))).isEqualTo("1\n");
        assertThat(home.models()).isDirectory();
        assertThat(home.backends()).isDirectory();
        assertThat(SlipwayHome.open(place)).isEqualTo(home);
    }

    @Test
    void aNewerLayoutIsRefused() throws IOException {
        Files.writeString(folder.resolve("format"), "2\n");

        assertThatThrownBy(() -> SlipwayHome.open(folder)).isInstanceOfSatisfying(ServerException.class, e -> {
            assertThat(e.code()).isEqualTo("server.home-too-new");
            assertThat(e.getMessage()).contains("version 2", "up to version 1");
        });
    }

    @Test
    void aFormatThatIsNoNumberIsRefused() throws IOException {
        Files.writeString(folder.resolve("format"), "x".repeat(100));

        assertThatThrownBy(() -> SlipwayHome.open(folder))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.code()).isEqualTo("server.home-damaged"));
    }

    @Test
    void aPlaceThatCannotBeAFolderIsToldWithAWayOut() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> SlipwayHome.open(file.resolve("home")))
                .isInstanceOfSatisfying(ServerException.class, e -> {
                    assertThat(e.code()).isEqualTo("server.home-not-writable");
                    assertThat(e.kind()).isEqualTo(ErrorKind.EXHAUSTED);
                    assertThat(e.getMessage()).contains(file.toString());
                    assertThat(e.hint()).contains("SLIPWAY_HOME");
                });
    }

    @Test
    void leftoversOfACrashAreSweptAndWorkUnderWayIsNot() throws IOException {
        SlipwayHome home = SlipwayHome.open(folder);
        Path old = Files.writeString(home.models().resolve(".a.yaml-123.tmp"), "");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofHours(2))));
        Path young = Files.writeString(home.models().resolve(".b.yaml-123.tmp"), "");

        SlipwayHome.open(folder);

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void theDefaultPlaceFollowsTheEnvironment() {
        assertThat(SlipwayHome.defaultFolder(Map.of("SLIPWAY_HOME", "/x", "XDG_DATA_HOME", "/y")))
                .isEqualTo(Path.of("/x"));
        assertThat(SlipwayHome.defaultFolder(Map.of("XDG_DATA_HOME", "/y"))).isEqualTo(Path.of("/y/slipway"));
        assertThat(SlipwayHome.defaultFolder(Map.of("XDG_DATA_HOME", "relative")))
                .isEqualTo(Path.of(System.getProperty("user.home"), ".local/share/slipway"));
    }
}
