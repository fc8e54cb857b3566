package dev.slipway.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {
    private static final String EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @Test
    void hashesBytesAndFilesAlike(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("f"), new byte[200_000]);

        assertThat(Digest.sha256(new byte[0])).hasToString(EMPTY);
        assertThat(Digest.sha256(file)).isEqualTo(Digest.sha256(new byte[200_000]));
    }

    @Test
    void parsesWhatItPrints() {
        assertThat(Digest.parse(EMPTY)).isEqualTo(Digest.sha256(new byte[0]));
        assertThat(Digest.parse("sha512:" + "0".repeat(128)).algorithm()).isEqualTo("sha512");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256", "sha256:", "sha256:zz", "sha256:../../etc", "md5:00", "SHA256:00"})
    void refusesMalformedText(String text) {
        assertThatThrownBy(() -> Digest.parse(text))
                .isInstanceOfSatisfying(
                        BaseException.class, e -> assertThat(e.code()).isEqualTo("base.invalid-digest"));
    }

    @Test
    void refusesUpperCase() {
        assertThatThrownBy(() -> Digest.parse("sha256:" + "A".repeat(64))).hasMessageContaining("lower-case");
    }
}
