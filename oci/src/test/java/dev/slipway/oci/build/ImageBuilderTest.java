package dev.slipway.oci.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageConfig.Execution;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.Platform;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageBuilderTest {
    private static final String LONG = "long-".repeat(30) + "ü";

    @TempDir
    Path folder;

    @Test
    void givesOneDigestWhateverTheTimesOwnersAndOrder() throws Exception {
        Descriptor first = build(source("one", 1_000_000_000L, "rw-------"), new MemoryContentStore());
        Descriptor second = build(source("two", 1_700_000_000L, "rw-rw-r--"), new MemoryContentStore());

        assertThat(second).isEqualTo(first);
    }

    @Test
    void writesWhatTarReadsBack() throws Exception {
        MemoryContentStore store = new MemoryContentStore();
        Descriptor descriptor = build(source("one", 0, "rw-------"), store);
        ImageManifest manifest = manifest(store, descriptor);
        Path archive = folder.resolve("layer.tar");
        try (InputStream in =
                new GZIPInputStream(store.open(manifest.layers().getFirst().digest()))) {
            Files.copy(in, archive);
        }

        String listing = run("tar", "--utc", "--full-time", "-tvf", archive.toString());

        assertThat(listing.lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "drwxr-xr-x 0/0 0 1970-01-01 00:00:00 opt/",
                        "drwxr-xr-x 0/0 0 1970-01-01 00:00:00 opt/app/",
                        "drwxr-xr-x 0/0 0 1970-01-01 00:00:00 opt/app/empty/",
                        "lrwxrwxrwx 0/0 0 1970-01-01 00:00:00 opt/app/link -> plain",
                        "-rw-r--r-- 0/0 5 1970-01-01 00:00:00 opt/app/plain",
                        "-rwxr-xr-x 0/0 6 1970-01-01 00:00:00 opt/app/start",
                        "-rw-r--r-- 0/0 4 1970-01-01 00:00:00 opt/" + LONG.replace("ü", "\\303\\274"),
                        "-rwxr-xr-x 0/0 10 1970-01-01 00:00:00 run.sh");
        ImageConfig config = ImageConfig.parse(store.read(manifest.config().digest(), ImageConfig.MAX_SIZE));
        assertThat(config.diffIds()).containsExactly(Digest.sha256(archive));
        assertThat(config.platform()).isEqualTo(Platform.linux("amd64"));
        assertThat(config.execution().entrypoint()).containsExactly("/run.sh");
    }

    @Test
    void writesALayoutThatSkopeoInspects() throws Exception {
        Path layout = folder.resolve("layout");
        Descriptor descriptor = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file(new byte[] {1}, "a", false))
                .build(layout, "registry.slipway.dev/backends/slipway:1");
        ImageBuilder.forPlatform(Platform.linux("arm64"))
                .layer(new LayerBuilder().file(new byte[] {2}, "a", false))
                .build(layout, "localhost/other:1");

        try (var files = Files.list(layout)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
        }
        LayoutContentStore store = LayoutContentStore.openReadOnly(layout);
        assertThat(store.names()).containsExactly("localhost/other:1", "registry.slipway.dev/backends/slipway:1");
        assertThat(store.resolve("registry.slipway.dev/backends/slipway:1")).contains(descriptor);

        Assumptions.assumeTrue(installed("skopeo"), "skopeo is not installed");
        String inspected = run("skopeo", "inspect", "oci:" + layout + ":registry.slipway.dev/backends/slipway:1");
        assertThat(inspected).contains(descriptor.digest().toString()).contains("\"amd64\"");
    }

    @Test
    void refusesPathsThatNoLayerMayHold() {
        for (String path : List.of("../a", "/a", "a/./b", "", "a/.wh.b", "a//b")) {
            assertThatThrownBy(() -> new LayerBuilder().file(new byte[0], path, false))
                    .hasMessageContaining("relative");
        }
    }

    private Descriptor build(Path source, ContentStore store) throws IOException {
        return ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder()
                        .file("#!/bin/sh\n".getBytes(StandardCharsets.UTF_8), "run.sh", true)
                        .file("long".getBytes(StandardCharsets.UTF_8), "opt/" + LONG, false)
                        .directory(source, "opt/app"))
                .execution(new Execution(List.of("/run.sh"), List.of(), List.of("A=b"), "", "/opt", Map.of("l", "v")))
                .annotation("a", "b")
                .build(store);
    }

    private Path source(String name, long time, String mode) throws IOException {
        Path source = Files.createDirectories(folder.resolve(name));
        boolean reverse = name.equals("two");
        for (String file : reverse ? List.of("start", "plain") : List.of("plain", "start")) {
            Path path = source.resolve(file);
            Files.writeString(path, file.equals("start") ? "start\n" : "plain");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
            Files.setLastModifiedTime(path, FileTime.from(time, TimeUnit.SECONDS));
        }
        Files.setPosixFilePermissions(source.resolve("start"), PosixFilePermissions.fromString("rwx------"));
        Files.createDirectory(source.resolve("empty"));
        Files.createSymbolicLink(source.resolve("link"), Path.of("plain"));
        return source;
    }

    private static ImageManifest manifest(ContentStore store, Descriptor descriptor) {
        byte[] bytes = store.read(descriptor.digest(), new ByteSize(1 << 20));
        return (ImageManifest) ManifestDocument.parse(bytes, descriptor.mediaType());
    }

    private static boolean installed(String tool) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
    }

    private static String run(String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
