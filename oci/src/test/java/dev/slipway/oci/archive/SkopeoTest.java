package dev.slipway.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transfer.CopyOptions;
import dev.slipway.oci.transport.ContentDestination;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we write skopeo reads, and what it writes we read, in every form. */
class SkopeoTest {
    @TempDir
    Path folder;

    @BeforeEach
    void requireSkopeo() throws Exception {
        Tools.require("skopeo");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci", "oci-archive"})
    void readsOurLayoutsWithTheirDigests(String form) throws Exception {
        MemoryContentStore store = SampleImages.image();
        CopiedImage copied =
                SampleImages.copy(SampleImages.source(store), destination(form, "ours"), SampleImages.amd64());

        String raw = Tools.run("skopeo", "inspect", "--raw", place(form, "ours"));

        Descriptor source = store.resolve(SampleImages.NAME.toString()).orElseThrow();
        assertThat(Digest.sha256(raw))
                .isEqualTo(source.digest())
                .isEqualTo(copied.written().digest());
        assertThat(copied.changes()).isEmpty();
        assertThat(copied.blobsCopied()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oci", "oci-archive"})
    void readsOurIndexesWithAllTheirImages(String form) throws Exception {
        MemoryContentStore store = SampleImages.index();
        SampleImages.copy(
                SampleImages.source(store),
                destination(form, "ours"),
                CopyOptions.defaults().withAllPlatforms());

        Tools.run("skopeo", "copy", "--all", place(form, "ours"), "oci:" + folder.resolve("theirs") + ":1");

        CopiedImage back = SampleImages.copy(
                LayoutSource.folder(folder.resolve("theirs"), "1"),
                new ContentDestination(new MemoryContentStore(), "x"),
                CopyOptions.defaults().withAllPlatforms());
        assertThat(back.written().digest())
                .isEqualTo(store.resolve(SampleImages.NAME.toString())
                        .orElseThrow()
                        .digest());
    }

    @Test
    void readsOurDockerArchives() throws Exception {
        MemoryContentStore store = SampleImages.image();
        SampleImages.copy(SampleImages.source(store), destination("docker-archive", "ours"), SampleImages.amd64());

        String config = Tools.run("skopeo", "inspect", "--config", "--raw", "docker-archive:" + folder.resolve("ours"));

        assertThat(Digest.sha256(config)).isEqualTo(configOf(SampleImages.source(store)));
        assertThat(Tools.run("skopeo", "list-tags", "docker-archive:" + folder.resolve("ours")))
                .contains("localhost/sample/app:1");
    }

    @ParameterizedTest
    @CsvSource({
        "oci,oci", "oci,oci-archive", "oci,docker-archive",
        "oci-archive,oci", "oci-archive,oci-archive", "oci-archive,docker-archive",
        "docker-archive,oci", "docker-archive,oci-archive", "docker-archive,docker-archive"
    })
    void goesThroughSkopeoAndBackWithTheSameConfig(String ours, String theirs) throws Exception {
        MemoryContentStore store = SampleImages.image();
        SampleImages.copy(SampleImages.source(store), destination(ours, "ours"), SampleImages.amd64());

        Tools.run("skopeo", "copy", place(ours, "ours"), place(theirs, "theirs"));

        MemoryContentStore back = new MemoryContentStore();
        CopiedImage copied = SampleImages.copy(
                source(theirs, "theirs"),
                new ContentDestination(back, SampleImages.NAME.toString()),
                SampleImages.amd64());
        assertThat(config(SampleImages.source(back)).diffIds())
                .isEqualTo(config(SampleImages.source(store)).diffIds());
        boolean rewritten = ours.startsWith("docker") && !theirs.startsWith("docker");
        if (!rewritten) {
            // From Docker's form to OCI's, skopeo writes the config anew.
            assertThat(configOf(SampleImages.source(back))).isEqualTo(configOf(SampleImages.source(store)));
        }
        if (!ours.startsWith("docker") && !theirs.startsWith("docker")) {
            assertThat(copied.written().digest())
                    .isEqualTo(store.resolve(SampleImages.NAME.toString())
                            .orElseThrow()
                            .digest());
        }
    }

    @Test
    void translatesDockersTypesForALayoutAndSaysSo() throws Exception {
        SampleImages.copy(SampleImages.source(SampleImages.image()), destination("oci", "ours"), SampleImages.amd64());
        Tools.run("skopeo", "copy", "--format", "v2s2", place("oci", "ours"), "dir:" + folder.resolve("dir"));
        MemoryContentStore store = DirFolder.read(folder.resolve("dir"), SampleImages.NAME.toString());

        CopiedImage kept = SampleImages.copy(
                SampleImages.source(store),
                new ContentDestination(new MemoryContentStore(), "x"),
                SampleImages.amd64());
        CopiedImage translated =
                SampleImages.copy(SampleImages.source(store), destination("oci", "again"), SampleImages.amd64());

        assertThat(kept.changes()).isEmpty();
        assertThat(kept.written()).isEqualTo(kept.source());
        assertThat(translated.changes()).singleElement().asString().contains("OCI instead of Docker's");
        String raw = Tools.run("skopeo", "inspect", "--raw", place("oci", "again"));
        assertThat(Digest.sha256(raw)).isEqualTo(translated.written().digest());
        assertThat(raw).doesNotContain("docker");
    }

    @Test
    void umociUnpacksOurLayouts() throws Exception {
        Tools.require("umoci");
        SampleImages.copy(SampleImages.source(SampleImages.image()), destination("oci", "ours"), SampleImages.amd64());

        Tools.run(
                "umoci",
                "unpack",
                "--rootless",
                "--image",
                folder.resolve("ours") + ":1",
                folder.resolve("bundle").toString());

        assertThat(folder.resolve("bundle/rootfs/run.sh")).hasContent("#!/bin/sh\n");
        assertThat(Files.size(folder.resolve("bundle/rootfs/opt/noise"))).isEqualTo(300_000);
    }

    private Digest configOf(ImageSource source) {
        return Digest.sha256(config(source).bytes());
    }

    private ImageConfig config(ImageSource source) {
        MemoryContentStore store = new MemoryContentStore();
        SampleImages.copy(source, new ContentDestination(store, "x"), SampleImages.amd64());
        byte[] manifest = store.read(store.resolve("x").orElseThrow().digest(), ManifestDocument.MAX_SIZE);
        Descriptor config = ((ImageManifest) ManifestDocument.parse(manifest, "")).config();
        return ImageConfig.parse(store.read(config.digest(), ImageConfig.MAX_SIZE));
    }

    private String place(String form, String name) {
        return form + ":" + folder.resolve(name) + (form.startsWith("docker") ? ":" + SampleImages.NAME : ":1");
    }

    private Destination destination(String form, String name) {
        Path place = folder.resolve(name);
        return switch (form) {
            case "oci" -> LayoutDestination.open(place, "1", Cancellation.never());
            case "oci-archive" -> LayoutArchiveDestination.create(place, "1");
            default -> DockerArchive.single(place, Optional.of(SampleImages.NAME));
        };
    }

    private ImageSource source(String form, String name) {
        Path place = folder.resolve(name);
        return switch (form) {
            case "oci" -> LayoutSource.folder(place, "1");
            case "oci-archive" -> LayoutSource.archive(place, "1", Cancellation.never());
            default -> DockerArchiveSource.open(place, Optional.of(SampleImages.NAME), Cancellation.never());
        };
    }
}
