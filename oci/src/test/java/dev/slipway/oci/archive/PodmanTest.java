package dev.slipway.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transport.ContentDestination;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.transport.Transport.BlobStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** podman as a reader and writer of archives, and as a daemon that speaks Docker's API. */
class PodmanTest {
    @TempDir
    Path folder;

    @BeforeEach
    void requirePodman() throws Exception {
        Tools.require("podman");
        boolean root = Tools.run("id", "-u").strip().equals("0");
        if (!root) {
            System.err.println("Skipped: podman needs root for a store of its own.");
        }
        assumeTrue(root, "podman needs root for a store of its own");
    }

    @Test
    void loadsOurArchivesAndSavesWhatWeRead() throws Exception {
        MemoryContentStore store = SampleImages.image();
        Path file = folder.resolve("ours.tar");
        SampleImages.copy(
                SampleImages.source(store),
                DockerArchive.single(file, Optional.of(SampleImages.NAME)),
                SampleImages.amd64());

        assertThat(podman("load", "-i", file.toString())).contains(SampleImages.NAME.toString());
        String id = podman("image", "inspect", "--format", "{{.Id}}", SampleImages.NAME.toString())
                .strip();
        assertThat(id).isEqualTo(config(SampleImages.source(store)).hex());

        Path docker = folder.resolve("docker.tar");
        podman("save", "--format", "docker-archive", "-o", docker.toString(), SampleImages.NAME.toString());
        assertThat(config(DockerArchiveSource.open(docker, Optional.of(SampleImages.NAME), Cancellation.never())))
                .isEqualTo(config(SampleImages.source(store)));
        // For OCI's form podman writes the config anew, so that only the layers can be compared.
        Path oci = folder.resolve("oci.tar");
        podman("save", "--format", "oci-archive", "-o", oci.toString(), SampleImages.NAME.toString());
        assertThat(diffIds(LayoutSource.archive(oci, "", Cancellation.never())))
                .isEqualTo(diffIds(SampleImages.source(store)));
    }

    @Test
    void loadsSeveralImagesFromOneArchive() throws Exception {
        Path file = folder.resolve("several.tar");
        ImageReference second = ImageReference.parse("localhost/second:2");
        try (DockerArchive archive = DockerArchive.create(file)) {
            SampleImages.copy(
                    SampleImages.source(SampleImages.image()),
                    archive.image(List.of(SampleImages.NAME)),
                    SampleImages.amd64());
            SampleImages.copy(
                    SampleImages.source(SampleImages.index()),
                    archive.image(List.of(second, ImageReference.parse("localhost/third:3"))),
                    SampleImages.amd64().withPlatform(dev.slipway.oci.Platform.linux("arm64")));
            archive.publish();
        }

        podman("load", "-i", file.toString());

        assertThat(podman("images", "--format", "{{.Repository}}:{{.Tag}}").lines())
                .containsExactlyInAnyOrder("localhost/sample/app:1", "localhost/second:2", "localhost/third:3");
        try (DockerArchiveSource source = DockerArchiveSource.open(file, Optional.of(second), Cancellation.never())) {
            assertThat(source.root(Cancellation.never())).isInstanceOf(ImageManifest.class);
        }
    }

    @Test
    void keepsImagesAsADaemon() throws Exception {
        Path socket = folder.resolve("p.sock");
        Process service = new ProcessBuilder(command("system", "service", "--time=0", "unix://" + socket))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(socket) || !service.isAlive());
            assertThat(service.isAlive())
                    .as(Files.readString(folder.resolve("log")))
                    .isTrue();
            MemoryContentStore store = SampleImages.image();
            DockerDaemon daemon = DockerDaemon.at(socket);

            SampleImages.copy(SampleImages.source(store), daemon.destination(SampleImages.NAME), SampleImages.amd64());
            CopiedImage back = SampleImages.copy(
                    daemon.source(SampleImages.NAME, Cancellation.never()),
                    new ContentDestination(new MemoryContentStore(), "x"),
                    SampleImages.amd64());

            assertThat(back.blobsCopied()).isEqualTo(3);
            assertThat(config(daemon.source(SampleImages.NAME, Cancellation.never())))
                    .isEqualTo(config(SampleImages.source(store)));
            assertThatThrownBy(() -> daemon.source(ImageReference.parse("localhost/none:1"), Cancellation.never()))
                    .isInstanceOfSatisfying(
                            CodedException.class, e -> assertThat(e.code()).isEqualTo("oci.unknown-reference"));
        } finally {
            service.destroy();
            service.waitFor(20, TimeUnit.SECONDS);
        }
    }

    private static Digest config(ImageSource source) {
        try (source) {
            return ((ImageManifest) source.root(Cancellation.never())).config().digest();
        }
    }

    private static List<Digest> diffIds(ImageSource source) throws Exception {
        try (source) {
            ImageManifest manifest = (ImageManifest) source.root(Cancellation.never());
            try (BlobStream config = source.blob(manifest.config(), 0, Cancellation.never())) {
                return ImageConfig.parse(config.in().readAllBytes()).diffIds();
            }
        }
    }

    private String podman(String... arguments) throws Exception {
        return Tools.run(command(arguments).toArray(String[]::new));
    }

    private List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "podman",
                "--root",
                folder.resolve("root").toString(),
                "--runroot",
                folder.resolve("run").toString(),
                "--storage-driver",
                "vfs"));
        command.addAll(List.of(arguments));
        return command;
    }
}
