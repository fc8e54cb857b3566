package dev.slipway.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
    @ParameterizedTest
    @CsvSource({
        "alpine, docker.io/library/alpine:latest",
        "user/app:1.2, docker.io/user/app:1.2",
        "index.docker.io/alpine, docker.io/library/alpine:latest",
        "localhost/a, localhost/a:latest",
        "localhost:5000/a/b__c:x, localhost:5000/a/b__c:x",
        "Registry.Example.COM/a, registry.example.com/a:latest",
        "127.0.0.1:4000/a/b, 127.0.0.1:4000/a/b:latest",
        "[::1]:4000/a:b, [::1]:4000/a:b",
        "quay.io/blobs/manifests:tags, quay.io/blobs/manifests:tags",
    })
    void writesOutWhatTheShortFormLeavesOpen(String written, String whole) {
        assertThat(ImageReference.parse(written)).hasToString(whole);
        assertThat(ImageReference.parse(whole)).hasToString(whole);
    }

    @Test
    void letsTheDigestDecideAndKeepsTheTag() {
        Digest digest = Digest.sha256("x");
        ImageReference reference = ImageReference.parse("quay.io/a/b:1@" + digest);

        assertThat(reference.tag()).contains("1");
        assertThat(reference.target()).isEqualTo(digest.toString());
        assertThat(ImageReference.parse("quay.io/a/b@" + digest).tag()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "@",
                "a:",
                "a/B",
                "a//b",
                "/a",
                "a/",
                "a/../b",
                "quay.io/",
                "quay.io/a:",
                "quay.io/a:-x",
                "quay.io/a b",
                "a@sha256:12",
                "quay.io/a___b",
                "-a.io/b",
                "quay.io:999999/a",
                "a\n",
                "quay.io/a\n"
            })
    void refusesWhatIsNoReference(String text) {
        assertThatThrownBy(() -> ImageReference.parse(text)).isInstanceOf(CodedException.class);
    }

    @Test
    void refusesNamesThatAreTooLong() {
        assertThatThrownBy(() -> ImageReference.parse("quay.io/" + "a".repeat(250)))
                .hasMessageContaining("longer");
        assertThatThrownBy(() -> ImageReference.parse("quay.io/a:" + "b".repeat(129)))
                .hasMessageContaining("tag");
        assertThatThrownBy(() -> ImageReference.parse("a".repeat(100_000))).hasMessageContaining("1024");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost/a, true",
        "localhost:1/a, true",
        "127.0.0.1:5000/a, true",
        "[::1]/a, true",
        "127.0.0.1.example.com/a, false",
        "quay.io/a, false",
        "localhost.evil.com/a, false",
    })
    void knowsWhichHostsAreThisMachine(String text, boolean loopback) {
        assertThat(ImageReference.parse(text).loopback()).isEqualTo(loopback);
    }

    @Test
    void refusesAHostThatWouldBecomeARepositoryInLowerCase() {
        assertThat(ImageReference.parse("Quay.IO/a/b").host()).isEqualTo("quay.io");
        assertThatThrownBy(() -> ImageReference.parse("MyHost/a/b")).hasMessageContaining("'MyHost' is no host");
    }
}
