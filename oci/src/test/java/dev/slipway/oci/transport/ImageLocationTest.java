package dev.slipway.oci.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.CodedException;
import dev.slipway.oci.ImageReference;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageLocationTest {
    @ParameterizedTest
    @CsvSource({
        "alpine,docker://docker.io/library/alpine:latest",
        "alpine:3,docker://docker.io/library/alpine:3",
        "docker:20,docker://docker.io/library/docker:20",
        "docker://alpine:3,docker://docker.io/library/alpine:3",
        "localhost:5000/a/b:1,docker://localhost:5000/a/b:1",
        "docker://quay.io/a/b,docker://quay.io/a/b:latest",
        "oci:dir,oci:dir",
        "oci:/a/b:1.0,oci:/a/b:1.0",
        "oci:dir:registry.slipway.dev/backends/slipway:1,oci:dir:registry.slipway.dev/backends/slipway:1",
        "oci-archive:./a.tar,oci-archive:./a.tar",
        "oci-archive:a.tar:v1,oci-archive:a.tar:v1",
        "docker-archive:a.tar,docker-archive:a.tar",
        "docker-archive:a.tar:alpine:3,docker-archive:a.tar:docker.io/library/alpine:3",
        "docker-daemon:alpine:3,docker-daemon:docker.io/library/alpine:3",
        "content:quay.io/a/b:1,content:quay.io/a/b:1"
    })
    void readsEverySchemeAndWritesItInFull(String text, String full) {
        assertThat(ImageLocation.parse(text)).hasToString(full);
        assertThat(ImageLocation.parse(full)).isEqualTo(ImageLocation.parse(text));
    }

    @Test
    void tellsThePartsApart() {
        assertThat(ImageLocation.parse("oci:a/b:c/d:1")).isEqualTo(new ImageLocation.Layout(Path.of("a/b"), "c/d:1"));
        assertThat(ImageLocation.parse("docker-archive:f:x:2"))
                .isEqualTo(new ImageLocation.DockerArchive(Path.of("f"), Optional.of(ImageReference.parse("x:2"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dir:/tmp/a",
                "https://quay.io/a",
                "sif:./a",
                "oci:",
                "oci::1",
                "oci:dir:",
                "oci:dir:-x",
                "oci:dir:a b",
                "oci-archive:",
                "docker-archive:a.tar:",
                "docker-archive:a.tar:a@sha256:0000000000000000000000000000000000000000000000000000000000000000",
                "oci:a\0b"
            })
    void refusesWhatIsMalformed(String text) {
        assertThatThrownBy(() -> ImageLocation.parse(text))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("oci.invalid-location"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "docker://", "docker-daemon:", "content:", "UPPER/:x", "a/../b", "docker-daemon:../a"})
    void refusesMalformedReferences(String text) {
        assertThatThrownBy(() -> ImageLocation.parse(text))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("oci.invalid-reference"));
    }

    @Test
    void readsOrRefusesWhateverComes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] parts = {
            "docker",
            "oci",
            "oci-archive",
            "docker-archive",
            "docker-daemon",
            "content",
            ":",
            "//",
            "/",
            "@sha256:",
            "..",
            ".",
            "a",
            "A",
            "localhost",
            "5000",
            "\0",
            "\u00fc",
            "-",
            "_",
            "[::1]",
            " ",
            "é".repeat(300),
            "0".repeat(64)
        };
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(8); i >= 0; i--) {
                text.append(parts[random.nextInt(parts.length)]);
            }
            try {
                ImageLocation location = ImageLocation.parse(text.toString());
                assertThat(ImageLocation.parse(location.toString()))
                        .as("seed %d: %s", seed, text)
                        .isEqualTo(location);
            } catch (CodedException e) {
                assertThat(e.code()).as("seed %d: %s", seed, text).matches("(oci|base)[.]invalid-.*");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
    }
}
