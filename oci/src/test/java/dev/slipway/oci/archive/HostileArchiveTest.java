package dev.slipway.oci.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tar.TarWriter;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transport.ContentDestination;
import dev.slipway.oci.tree.Attributes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileArchiveTest {
    private static final String LAYER = "layer";
    private static final String DIFF_ID = dev.slipway.base.Digest.sha256(LAYER).toString();
    private static final String CONFIG = "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\","
            + "\"diff_ids\":[\"" + DIFF_ID + "\"]}}";

    @TempDir
    Path folder;

    private Path file;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final TarWriter tar = new TarWriter(bytes);

    @BeforeEach
    void nameFile() {
        file = folder.resolve("hostile.tar");
    }

    @Test
    void readsOldArchivesWhoseLayersAreLinks() throws Exception {
        add("a/real.tar", LAYER);
        add("c.json", CONFIG);
        link("b/layer.tar", TarType.SYMBOLIC_LINK, "../a/real.tar");
        link("d/layer.tar", TarType.HARD_LINK, "b/layer.tar");
        add("manifest.json", manifest("c.json", "d/layer.tar"));

        MemoryContentStore store = new MemoryContentStore();
        CopiedImage copied = SampleImages.copy(open(), new ContentDestination(store, "x"), SampleImages.amd64());

        assertThat(copied.blobsCopied()).isEqualTo(2);
        assertThat(store.has(dev.slipway.base.Digest.sha256(LAYER))).isTrue();
    }

    @Test
    void refusesLinksThatLeaveTheArchive() throws Exception {
        for (String target : new String[] {"../../etc/passwd", "/etc/passwd", "../../../../../../etc/passwd"}) {
            bytes.reset();
            add("c.json", CONFIG);
            link("b/layer.tar", TarType.SYMBOLIC_LINK, target);
            add("manifest.json", manifest("c.json", "b/layer.tar"));

            assertRefused(this::open, "oci.invalid-archive", "oci.unsafe-path");
        }
    }

    @Test
    void refusesNamesThatLeaveTheArchive() throws Exception {
        add("c.json", CONFIG);
        add("manifest.json", manifest("../../etc/passwd", "/etc/shadow"));
        assertRefused(this::open, "oci.unsafe-path");

        bytes.reset();
        add("../outside", "x");
        assertRefused(this::open, "oci.unsafe-path");
    }

    @Test
    void refusesLinksInACircle() throws Exception {
        add("c.json", CONFIG);
        link("a", TarType.SYMBOLIC_LINK, "b");
        link("b", TarType.SYMBOLIC_LINK, "a");
        add("manifest.json", manifest("c.json", "a"));

        assertRefused(this::open, "oci.invalid-archive");
    }

    @Test
    void refusesNamesThatStandTwice() throws Exception {
        add("c.json", CONFIG);
        add("manifest.json", manifest("c.json", "l"));
        add("l", LAYER);
        add("./manifest.json", "[]");

        assertRefused(this::open, "oci.invalid-archive");
    }

    @Test
    void refusesHugeDocuments() throws Exception {
        add("manifest.json", "[" + " ".repeat(5 << 20) + "]");
        assertRefused(this::open, "oci.document-too-large");

        bytes.reset();
        add("c.json", CONFIG + " ".repeat(9 << 20));
        add("manifest.json", manifest("c.json", "l"));
        assertRefused(this::open, "oci.document-too-large");
    }

    @Test
    void refusesLayersThatAreMissingOrOthersThanTheConfigNames() throws Exception {
        add("c.json", CONFIG);
        add("manifest.json", manifest("c.json", "gone"));
        assertRefused(this::open, "oci.invalid-archive");

        bytes.reset();
        add("c.json", CONFIG);
        add("l", "other");
        add("manifest.json", manifest("c.json", "l"));
        assertRefused(
                () -> SampleImages.copy(
                        open(), new ContentDestination(new MemoryContentStore(), "x"), SampleImages.amd64()),
                "oci.digest-mismatch");

        bytes.reset();
        add("c.json", CONFIG);
        add("l", LAYER);
        add("manifest.json", "[{\"Config\":\"c.json\",\"Layers\":[\"l\",\"l\"]}]");
        assertRefused(this::open, "oci.invalid-archive");
    }

    @Test
    void refusesSpecialFilesAndWhatIsNoArchive() throws Exception {
        link("fifo", TarType.FIFO, "");
        assertRefused(this::open, "oci.invalid-archive");

        Files.writeString(file, "this is not a tar file, though it is long enough to look at it".repeat(20));
        assertRefused(() -> DockerArchiveSource.open(file, Optional.empty(), Cancellation.never()), "oci.invalid-tar");
        assertRefused(
                () -> DockerArchiveSource.open(folder, Optional.empty(), Cancellation.never()), "oci.invalid-archive");
        assertRefused(
                () -> DockerArchiveSource.open(folder.resolve("none"), Optional.empty(), Cancellation.never()),
                "oci.no-archive");
    }

    @Test
    void saysWhichImagesThereAre() throws Exception {
        add("c.json", CONFIG);
        add("l", LAYER);
        add(
                "manifest.json",
                "[{\"Config\":\"c.json\",\"RepoTags\":[\"a:1\"],\"Layers\":[\"l\"]},"
                        + "{\"Config\":\"c.json\",\"RepoTags\":[\"b:2\"],\"Layers\":[\"l\"]}]");

        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        CodedException.class,
                        e -> assertThat(e.hint())
                                .contains("docker.io/library/a:1")
                                .contains("docker.io/library/b:2"));
    }

    @Test
    void readsOrRefusesDamagedArchives() throws Exception {
        add("oci-layout", LayoutDestination.LAYOUT);
        add("l", LAYER);
        add("c.json", CONFIG);
        add(
                "index.json",
                "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                        + "\"digest\":\"" + DIFF_ID + "\",\"size\":5}]}");
        add("manifest.json", manifest("c.json", "l"));
        tar.close();
        byte[] sound = bytes.toByteArray();
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] damaged = sound.clone();
            for (int i = random.nextInt(6); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            int length = random.nextInt(4) == 0 ? random.nextInt(damaged.length) : damaged.length;
            Files.write(file, java.util.Arrays.copyOf(damaged, length));
            try (DockerArchiveSource source = DockerArchiveSource.open(file, Optional.empty(), Cancellation.never())) {
                assertThat(source.root(Cancellation.never())).isNotNull();
            } catch (CodedException e) {
                assertThat(e.code()).as("seed %d", seed).isNotEmpty();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ", round " + round, e);
            }
        }
    }

    private DockerArchiveSource open() throws IOException {
        ByteArrayOutputStream ended = new ByteArrayOutputStream();
        ended.writeBytes(bytes.toByteArray());
        ended.writeBytes(new byte[1024]);
        Files.write(file, ended.toByteArray());
        return DockerArchiveSource.open(file, Optional.empty(), Cancellation.never());
    }

    private static void assertRefused(ThrowingCallable action, String... codes) {
        assertThatThrownBy(action)
                .isInstanceOfSatisfying(
                        CodedException.class, e -> assertThat(e.code()).isIn((Object[]) codes));
    }

    private static String manifest(String config, String layer) {
        return "[{\"Config\":\"" + config + "\",\"RepoTags\":null,\"Layers\":[\"" + layer + "\"]}]";
    }

    private void add(String name, String content) throws IOException {
        byte[] body = content.getBytes(StandardCharsets.UTF_8);
        tar.write(
                new TarHeader(name, TarType.FILE, Attributes.of(0644, Instant.EPOCH), body.length, "", 0, 0),
                new ByteArrayInputStream(body));
    }

    private void link(String name, TarType type, String target) throws IOException {
        tar.write(new TarHeader(name, type, Attributes.of(0777, Instant.EPOCH), 0, target, 0, 0));
    }
}
