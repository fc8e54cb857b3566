package dev.slipway.gallery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.transfer.PullOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciBackendSourceTest {
    private static final String NAME = "registry.example/backends/echo:1";
    private static final GalleryEntry ECHO = GalleryEntry.of("echo", "oci://" + NAME);

    @TempDir
    private Path home;

    private final MemoryContentStore published = new MemoryContentStore();
    private LoopbackRegistry registry;

    @BeforeEach
    void serve() throws IOException {
        registry = new LoopbackRegistry(published);
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void anImageIsPulledOverHttpUnpackedAndPublished() throws IOException {
        ImageManifest manifest = publish("echo one");

        Installation done = installer().install(ECHO, ProgressListener.NONE, Cancellation.never());

        assertThat(Files.readString(done.backend().runScript())).contains("echo one");
        assertThat(Files.readString(home.resolve("backends/echo/lib/data"))).isEqualTo("lower");
        assertThat(Files.readString(home.resolve("backends/echo/greeting"))).isEqualTo("hello");
        assertThat(done.backend().metadata().digest())
                .isEqualTo(manifest.digest().toString());
        long blobs = manifest.config().size()
                + manifest.layers().stream().mapToLong(Descriptor::size).sum();
        assertThat(registry.blobBytes).as("every byte once").hasValue(blobs);
        assertThat(done.bytesFetched()).isEqualTo(blobs + manifest.bytes().length);
    }

    @Test
    void installingTwiceSendsNoRequestAndUpgradingFetchesOnlyWhatIsNew() throws IOException {
        publish("echo one");
        installer().install(ECHO, ProgressListener.NONE, Cancellation.never());
        int requests = registry.requests.get();

        assertThat(installer()
                        .install(ECHO, ProgressListener.NONE, Cancellation.never())
                        .changed())
                .isFalse();
        assertThat(registry.requests).hasValue(requests);

        long before = registry.blobBytes.get();
        assertThat(installer()
                        .upgrade(ECHO, ProgressListener.NONE, Cancellation.never())
                        .changed())
                .isFalse();
        assertThat(registry.blobBytes).hasValue(before);

        ImageManifest newer = publish("echo two");
        assertThat(installer()
                        .upgrade(ECHO, ProgressListener.NONE, Cancellation.never())
                        .changed())
                .isTrue();
        long changed = newer.config().size() + newer.layers().getLast().size();
        assertThat(registry.blobBytes).as("the lower layer is shared").hasValue(before + changed);
        assertThat(Files.readString(home.resolve("backends/echo/run.sh"))).contains("echo two");
    }

    @Test
    void whatIsInstalledNeedsNoNetwork() throws IOException {
        publish("echo one");
        installer().install(ECHO, ProgressListener.NONE, Cancellation.never());
        registry.close();

        assertThat(installer()
                        .install(ECHO, ProgressListener.NONE, Cancellation.never())
                        .changed())
                .isFalse();
    }

    @Test
    void otherSchemesAreRefused() {
        for (String uri : List.of("https://example.com/a.tar", "ollama://a", "file:///a")) {
            assertThatExceptionOfType(GalleryException.class)
                    .isThrownBy(() ->
                            installer().install(GalleryEntry.of("a", uri), ProgressListener.NONE, Cancellation.never()))
                    .matches(e -> e.code().equals("gallery.unsupported-uri"));
        }
    }

    private BackendInstaller installer() {
        PullOptions options = PullOptions.defaults()
                .withMirror("registry.example", registry.address())
                .withOffline(true);
        return new BackendInstaller(
                home.resolve("backends"),
                new OciBackendSource(DiskContentStore.open(home.resolve("content")), options));
    }

    /** Two layers: the upper one brings run.sh and covers a file of the lower one. */
    private ImageManifest publish(String line) {
        LayerBuilder lower =
                new LayerBuilder().file(bytes("lower"), "lib/data", false).file(bytes("covered"), "greeting", false);
        LayerBuilder upper = new LayerBuilder()
                .file(bytes("#!/bin/sh\n" + line + "\n"), "run.sh", true)
                .file(bytes("hello"), "greeting", false);
        Descriptor descriptor = ImageBuilder.forPlatform(Platform.host())
                .layer(lower)
                .layer(upper)
                .build(published);
        published.tag(NAME, descriptor);
        return (ImageManifest) ManifestDocument.parse(
                published.read(descriptor.digest(), ByteSize.ofMebibytes(1)), descriptor.mediaType());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
