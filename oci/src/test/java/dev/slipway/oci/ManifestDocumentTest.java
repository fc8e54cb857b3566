package dev.slipway.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestDocumentTest {
    private static final String DIGEST = Digest.sha256("x").toString();
    private static final String DESCRIPTOR = "{\"mediaType\":\"t\",\"digest\":\"" + DIGEST + "\",\"size\":1}";

    @Test
    void keepsTheExactBytesAndUnknownFields() {
        String text = "{ \"schemaVersion\": 2,\n \"extra\": [1], \"config\": " + DESCRIPTOR + ", \"layers\": ["
                + DESCRIPTOR + "] }\n";

        ManifestDocument document = parse(text, MediaTypes.MANIFEST);

        assertThat(new String(document.bytes(), StandardCharsets.UTF_8)).isEqualTo(text);
        assertThat(document.digest()).isEqualTo(Digest.sha256(text));
        assertThat(((ImageManifest) document).layers()).hasSize(1);
    }

    @Test
    void goesByTheBodyWhenServedAsPlainJson() {
        String index = "{\"schemaVersion\":2,\"manifests\":[" + DESCRIPTOR + "]}";
        String manifest = "{\"schemaVersion\":2,\"mediaType\":\"" + MediaTypes.DOCKER_MANIFEST + "\",\"config\":"
                + DESCRIPTOR + ",\"layers\":[]}";

        assertThat(parse(index, "application/json; charset=utf-8").mediaType()).isEqualTo(MediaTypes.INDEX);
        assertThat(parse(manifest, "application/json").mediaType()).isEqualTo(MediaTypes.DOCKER_MANIFEST);
    }

    @Test
    void refusesWhatTwoReadersCouldReadDifferently() {
        String both = "{\"config\":" + DESCRIPTOR + ",\"layers\":[],\"manifests\":[]}";
        String disguised = "{\"mediaType\":\"" + MediaTypes.INDEX + "\",\"config\":" + DESCRIPTOR + ",\"layers\":[]}";
        String repeated = "{\"layers\":[],\"layers\":[" + DESCRIPTOR + "],\"config\":" + DESCRIPTOR + "}";

        assertThatThrownBy(() -> parse(both, MediaTypes.MANIFEST)).hasMessageContaining("at once");
        assertThatThrownBy(() -> parse(disguised, MediaTypes.INDEX)).hasMessageContaining("fields of a manifest");
        assertThatThrownBy(() -> parse(disguised, MediaTypes.MANIFEST)).hasMessageContaining("calls itself");
        assertThatThrownBy(() -> parse(repeated, MediaTypes.MANIFEST)).isInstanceOf(OciException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{}",
                "{\"layers\":{}}",
                "{\"config\":1}",
                "{\"config\":{}}",
                "{\"layers\":[1]}",
                "{\"mediaType\":7}",
                "{\"mediaType\":\"application/vnd.docker.distribution.manifest.v1+prettyjws\"}",
                "{\"config\":{\"mediaType\":\"t\",\"digest\":\"sha256:../..\",\"size\":1}}",
                "{\"config\":{\"mediaType\":\"t\",\"digest\":\"sha256:00\",\"size\":-1}}",
                "{}{}"
            })
    void refusesMalformedDocuments(String text) {
        assertThatThrownBy(() -> parse(text, MediaTypes.MANIFEST)).isInstanceOf(dev.slipway.base.CodedException.class);
    }

    @Test
    void refusesHugeAndDeepDocuments() {
        assertThatThrownBy(() -> ManifestDocument.parse(new byte[(4 << 20) + 1], MediaTypes.MANIFEST))
                .hasMessageContaining("4.0 MiB");
        String deep = "{\"annotations\":" + "[".repeat(100_000);
        assertThatThrownBy(() -> parse(deep, MediaTypes.MANIFEST)).isInstanceOf(OciException.class);
    }

    @Test
    void writesTheSameBytesForTheSameContent() {
        Descriptor config = Descriptor.of(MediaTypes.CONFIG, "{}".getBytes(StandardCharsets.UTF_8));

        ImageManifest first = ImageManifest.create(config, List.of(), Map.of("b", "1", "a", "2"));
        ImageManifest second = ImageManifest.create(config, List.of(), Map.of("a", "2", "b", "1"));

        assertThat(first.bytes()).isEqualTo(second.bytes());
        assertThat(first.config()).isEqualTo(config);
    }

    @Test
    void ranksPlatformsByVariant() {
        Platform host = Platform.parse("linux/arm/v7");

        assertThat(host.distance(Platform.parse("linux/arm/v7"))).isZero();
        assertThat(host.distance(Platform.parse("linux/arm/v6"))).isEqualTo(1);
        assertThat(host.distance(Platform.parse("linux/arm/v8"))).isNegative();
        assertThat(host.distance(Platform.parse("linux/amd64"))).isNegative();
        assertThat(Platform.linux("arm64").distance(Platform.parse("linux/arm64/v8")))
                .isZero();
        assertThatThrownBy(() -> Platform.parse("linux")).isInstanceOf(OciException.class);
    }

    private static ManifestDocument parse(String text, String servedAs) {
        return ManifestDocument.parse(text.getBytes(StandardCharsets.UTF_8), servedAs);
    }
}
