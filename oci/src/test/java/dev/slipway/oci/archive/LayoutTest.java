package dev.slipway.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.Tasks;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transfer.CopyOptions;
import dev.slipway.oci.transfer.CopyOptions.Layers;
import dev.slipway.oci.transport.ContentDestination;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutTest {
    @TempDir
    Path folder;

    @Test
    void keepsWhatALayoutHoldsAndReplacesTheNameOnly() throws Exception {
        Path layout = folder.resolve("layout");
        copy(SampleImages.image(), layout, "1");
        Files.writeString(
                layout.resolve("index.json"),
                Files.readString(layout.resolve("index.json"))
                        .replaceFirst("\\{", "{\"annotations\":{\"made.by\":\"hand\"},\"x-unknown\":7,"));
        copy(SampleImages.image(), layout, "2");

        CopiedImage again = SampleImages.copy(
                SampleImages.source(SampleImages.index()),
                LayoutDestination.open(layout, "1", Cancellation.never()),
                CopyOptions.defaults().withAllPlatforms());

        assertThat(Files.readString(layout.resolve("index.json")))
                .contains("made.by")
                .contains("\"x-unknown\":7");
        assertThat(digest(layout, "1")).isEqualTo(again.written().digest());
        assertThat(digest(layout, "2")).isNotEqualTo(again.written().digest());
        assertThat(again.blobsPresent()).isEqualTo(3);
        try (Stream<Path> files = Files.list(layout)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
        }
    }

    @Test
    void letsManyWritersAddToOneLayout() {
        Path layout = folder.resolve("layout");
        List<Callable<String>> jobs = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String tag = "v" + i;
            jobs.add(() -> {
                copy(SampleImages.image(), layout, tag);
                return tag;
            });
        }

        List<String> tags = Tasks.runAll(jobs, 12, Cancellation.never());

        for (String tag : tags) {
            assertThat(digest(layout, tag)).isNotNull();
        }
    }

    @Test
    void saysWhichNamesThereAre() {
        Path layout = folder.resolve("layout");
        copy(SampleImages.image(), layout, "first");
        SampleImages.copy(
                SampleImages.source(SampleImages.index()),
                LayoutDestination.open(layout, "second", Cancellation.never()),
                CopyOptions.defaults().withAllPlatforms());

        for (String tag : List.of("", "third")) {
            assertThatThrownBy(() -> digest(layout, tag))
                    .isInstanceOfSatisfying(
                            CodedException.class, e -> assertThat(e.hint()).contains("first, second"));
        }
    }

    @Test
    void writesTheSameArchiveEachTimeAndReadsItCompressed() throws Exception {
        Path one = archive("one.tar");
        Path two = archive("two.tar");
        assertThat(Digest.sha256(one)).isEqualTo(Digest.sha256(two));
        Path zipped = folder.resolve("one.tar.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(one, out);
        }

        MemoryContentStore store = new MemoryContentStore();
        CopiedImage copied = SampleImages.copy(
                LayoutSource.archive(zipped, "1", Cancellation.never()),
                new ContentDestination(store, "x"),
                SampleImages.amd64());

        assertThat(copied.blobsCopied()).isEqualTo(3);
        assertThat(store.resolve("x")).contains(copied.source());
    }

    @Test
    void leavesNothingBehindWhenACopyFails() throws Exception {
        MemoryContentStore store = SampleImages.image();
        MemoryContentStore broken = new MemoryContentStore();
        Descriptor manifest = store.resolve(SampleImages.NAME.toString()).orElseThrow();
        broken.put(manifest.digest(), store.read(manifest.digest(), new dev.slipway.base.ByteSize(1 << 20)));
        broken.tag(SampleImages.NAME.toString(), manifest);
        Files.writeString(folder.resolve("kept.tar"), "before");

        assertThatThrownBy(() -> SampleImages.copy(
                        SampleImages.source(broken),
                        LayoutArchiveDestination.create(folder.resolve("kept.tar"), "1"),
                        SampleImages.amd64()))
                .isInstanceOf(CodedException.class);

        assertThat(folder.resolve("kept.tar")).hasContent("before");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void compressesPlainLayersTheSameWayEachTimeWhenAsked() {
        Path file = folder.resolve("docker.tar");
        MemoryContentStore original = SampleImages.image();
        SampleImages.copy(
                SampleImages.source(original), DockerArchive.single(file, Optional.empty()), SampleImages.amd64());

        MemoryContentStore plain = new MemoryContentStore();
        CopiedImage kept = SampleImages.copy(
                DockerArchiveSource.open(file, Optional.empty(), Cancellation.never()),
                new ContentDestination(plain, "x"),
                SampleImages.amd64());
        CopiedImage compressed = SampleImages.copy(
                DockerArchiveSource.open(file, Optional.empty(), Cancellation.never()),
                new ContentDestination(new MemoryContentStore(), "x"),
                SampleImages.amd64().withLayers(Layers.GZIP));

        assertThat(kept.changes()).isEmpty();
        assertThat(compressed.changes()).hasSize(2).allMatch(change -> change.contains("is compressed"));
        // Our own layers were made the same way, so that the image comes out as it went in.
        assertThat(compressed.written().digest())
                .isEqualTo(original.resolve(SampleImages.NAME.toString())
                        .orElseThrow()
                        .digest());
    }

    @Test
    void refusesAnIndexWhereOneImageFits() {
        assertThatThrownBy(() -> SampleImages.copy(
                        SampleImages.source(SampleImages.index()),
                        DockerArchive.single(folder.resolve("a.tar"), Optional.empty()),
                        CopyOptions.defaults().withAllPlatforms()))
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isEqualTo("oci.one-image-only"));
    }

    private Path archive(String name) {
        Path file = folder.resolve(name);
        SampleImages.copy(
                SampleImages.source(SampleImages.image()),
                LayoutArchiveDestination.create(file, "1"),
                SampleImages.amd64());
        return file;
    }

    private static void copy(MemoryContentStore store, Path layout, String tag) {
        SampleImages.copy(
                SampleImages.source(store),
                LayoutDestination.open(layout, tag, Cancellation.never()),
                SampleImages.amd64());
    }

    private static Digest digest(Path layout, String tag) {
        try (LayoutSource source = LayoutSource.folder(layout, tag)) {
            return source.root(Cancellation.never()).digest();
        }
    }
}
