package dev.slipway.oci.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageConfig.Execution;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.Platform;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.json.JsonObject;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BaseImageTest {
    @TempDir
    Path folder;

    private final MemoryContentStore store = new MemoryContentStore();

    @Test
    void keepsWhatTheBaseSaysUnlessItIsSaidAnew() {
        ImageManifest base = manifest(base());

        ImageManifest image = manifest(ImageBuilder.on(base, config(base))
                .layer(new LayerBuilder()
                        .file(new byte[] {2}, "b", false)
                        .createdBy("the second layer")
                        .owner(1000, 100))
                .execution(new Execution(List.of("/new"), List.of(), List.of("A=2", "C=3"), "", "", Map.of("y", "2")))
                .build(store));

        assertThat(image.layers()).hasSize(2).startsWith(base.layers().getFirst());
        ImageConfig config = config(image);
        assertThat(config.diffIds())
                .hasSize(2)
                .startsWith(config(base).diffIds().getFirst());
        assertThat(config.platform()).isEqualTo(Platform.parse("linux/arm/v7"));
        assertThat(config.execution())
                .isEqualTo(new Execution(
                        List.of("/new"),
                        List.of(),
                        List.of("A=2", "B=b=b", "C=3"),
                        "1:1",
                        "/w",
                        Map.of("x", "1", "y", "2")));
        JsonObject json = JsonObject.parse(config.bytes(), "config", ImageConfig.MAX_SIZE);
        assertThat(json.objects("history").stream().map(one -> one.requireString("created_by")))
                .containsExactly("slipway image build", "the second layer");
    }

    @Test
    void keepsFieldsThatItDoesNotKnow() {
        ImageManifest base = manifest(base());
        byte[] bytes = new String(config(base).bytes(), StandardCharsets.UTF_8)
                .replace("\"config\":{", "\"x-vendor\":[1],\"config\":{\"StopSignal\":\"SIGINT\",")
                .getBytes(StandardCharsets.UTF_8);

        ImageManifest image =
                manifest(ImageBuilder.on(base, ImageConfig.parse(bytes)).build(store));

        assertThat(new String(config(image).bytes(), StandardCharsets.UTF_8))
                .contains("\"x-vendor\":[1]")
                .contains("\"StopSignal\":\"SIGINT\"");
    }

    @Test
    void refusesABaseThatIsNotThere() {
        ImageManifest base = manifest(base());
        ImageBuilder builder = ImageBuilder.on(base, config(base));
        assertThatThrownBy(() -> builder.build(new MemoryContentStore()))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("oci.content-missing"));
    }

    /** Another digest here means that images change for everybody with the next release: then say so there. */
    @Test
    void givesTheseDigestsOnEveryMachine() {
        LayerBuilder layer = new LayerBuilder()
                .file("hello\n".repeat(1000).getBytes(StandardCharsets.UTF_8), "greeting", false)
                .symbolicLink("link", "greeting");
        ImageBuilder builder = ImageBuilder.forPlatform(Platform.linux("amd64")).layer(layer);

        assertThat(builder.compression(LayerCompression.NONE).build(store).digest())
                .hasToString("sha256:2143a03017f5e2cf67f0d70f13c8c05c1738dd87046ec16dc8e0531e184c47ee");
        assertThat(builder.compression(LayerCompression.ZSTD).build(store).digest())
                .hasToString("sha256:87485337b266a1c6b83f8082aa170fced1699d8567d62a3c24347fc3c7a1dee7");
        assertThat(builder.compression(LayerCompression.GZIP).build(store).digest())
                .hasToString("sha256:04e9ff2e1998fb5718540ea45391bdc9738a2fb788c640bb1c5400a1055f22af");
    }

    @Test
    void takesATarFileWhoeverPackedIt() throws Exception {
        Assumptions.assumeTrue(
                new ProcessBuilder("sh", "-c", "command -v tar").start().waitFor() == 0, "tar is not installed");
        Path source = Files.createDirectories(folder.resolve("source/sub"));
        Files.writeString(source.resolve("f"), "content");
        Files.createLink(source.resolve("g"), source.resolve("f"));
        run("tar", "-C", folder + "/source", "--sort=name", "--owner=joe:7", "--group=joe:8", "-cf", "one.tar", "sub");
        Files.setLastModifiedTime(
                source.resolve("f"), java.nio.file.attribute.FileTime.from(Instant.ofEpochSecond(1_700_000_000)));
        run(
                "tar",
                "-C",
                folder + "/source",
                "--sort=name",
                "--owner=ann:7",
                "--group=ann:8",
                "--format=pax",
                "-czf",
                "two.tar.gz",
                "sub");

        Descriptor one = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .tarLayer(folder.resolve("one.tar"))
                .build(store);
        Descriptor two = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .tarLayer(folder.resolve("two.tar.gz"))
                .compression(LayerCompression.GZIP)
                .build(store);

        assertThat(two).isEqualTo(one);
        Path layer = folder.resolve("layer.tar.gz");
        try (InputStream in = store.open(manifest(one).layers().getFirst().digest())) {
            Files.copy(in, layer);
        }
        assertThat(run("tar", "--utc", "--full-time", "-tvf", layer.toString()).replaceAll(" +", " "))
                .contains("-rw-r--r-- 7/8 7 1970-01-01 00:00:00 sub/f")
                .contains("hrw-r--r-- 7/8 0 1970-01-01 00:00:00 sub/g link to sub/f");
    }

    @Test
    void takesNamesOfAnyBytesFromAFolder() throws Exception {
        String script = "mkdir -p t/$(printf 'd\\377') && cd t && printf x > $(printf 'd\\377/f\\303\\274?')"
                + " && ln -s $(printf '../\\200') link && ln -s $(printf '/a/\\201') absolute";
        boolean made = new ProcessBuilder("bash", "-ec", script)
                        .directory(folder.toFile())
                        .start()
                        .waitFor()
                == 0;
        Assumptions.assumeTrue(made, "this file system has no names of any bytes");

        Descriptor image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().directory(folder.resolve("t"), ""))
                .build(store);

        Path layer = folder.resolve("layer.tar.gz");
        try (InputStream in = store.open(manifest(image).layers().getFirst().digest())) {
            Files.copy(in, layer);
        }
        assertThat(run("tar", "--quoting-style=escape", "-tvf", layer.toString())
                        .replaceAll(" +", " "))
                .contains(" d\\377/\n")
                .contains(" d\\377/f\\303\\274?\n")
                .contains(" link -> ../\\200\n")
                .contains(" absolute -> /a/\\201\n");
    }

    @Test
    void readsTheSourceDate() {
        assertThat(ImageBuilder.sourceDate(Map.of())).isEqualTo(Instant.EPOCH);
        assertThat(ImageBuilder.sourceDate(Map.of("SOURCE_DATE_EPOCH", "1700000000")))
                .isEqualTo(Instant.ofEpochSecond(1_700_000_000));
        assertThatThrownBy(() -> ImageBuilder.sourceDate(Map.of("SOURCE_DATE_EPOCH", "today")))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("oci.invalid-time"));
    }

    private Descriptor base() {
        return ImageBuilder.forPlatform(Platform.parse("linux/arm/v7"))
                .layer(new LayerBuilder().file(new byte[] {1}, "a", false))
                .execution(new Execution(
                        List.of("/old"), List.of("arg"), List.of("A=1", "B=b=b"), "1:1", "/w", Map.of("x", "1")))
                .compression(LayerCompression.ZSTD)
                .build(store);
    }

    private ImageManifest manifest(Descriptor descriptor) {
        byte[] bytes = store.read(descriptor.digest(), ManifestDocument.MAX_SIZE);
        return (ImageManifest) ManifestDocument.parse(bytes, MediaTypes.MANIFEST);
    }

    private ImageConfig config(ImageManifest manifest) {
        return config(store, manifest.config().digest());
    }

    private static ImageConfig config(ContentStore store, Digest digest) {
        return ImageConfig.parse(store.read(digest, ImageConfig.MAX_SIZE));
    }

    private String run(String... command) throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).directory(folder.toFile());
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
