package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.layer.FlattenLimits;
import dev.slipway.oci.layer.Flattener;
import dev.slipway.oci.layer.LayerSource;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.oci.transfer.PulledImage;
import dev.slipway.oci.transfer.Puller;
import dev.slipway.oci.tree.DirectorySink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image's whole way: built into a layout, served, pulled, laid out; by us and by skopeo. */
class RoundTripTest {
    private static final String NAME = "registry.slipway.dev/backends/slipway:0.1.0";

    @TempDir
    Path folder;

    private Path layout;
    private Descriptor image;

    @BeforeEach
    void build() {
        byte[] noise = new byte[2 << 20];
        new Random(3).nextBytes(noise);
        layout = folder.resolve("layout");
        image = ImageBuilder.forPlatform(Platform.linux("amd64"))
                .layer(new LayerBuilder().file(noise, "opt/runtime/lib/noise", false))
                .layer(new LayerBuilder()
                        .file("#!/bin/sh\necho run\n".getBytes(StandardCharsets.UTF_8), "run.sh", true)
                        .symbolicLink("current", "opt/runtime"))
                .build(layout, NAME);
    }

    @Test
    void arrivesByteForByteAndCostsWhatTheManifestSays() throws Exception {
        DiskContentStore store = DiskContentStore.open(folder.resolve("content"));
        try (EphemeralRegistry registry = EphemeralRegistry.start(LayoutContentStore.openReadOnly(layout));
                Fetcher fetcher = Fetcher.create(FetchOptions.defaults())) {
            PullOptions options = PullOptions.defaults()
                    .withPlatform(Platform.linux("amd64"))
                    .withMirror("registry.slipway.dev", registry.address())
                    .withOffline(true);

            PulledImage pulled = new Puller(fetcher, Retry.DEFAULT)
                    .pull(ImageReference.parse(NAME), options, store, ProgressListener.NONE, Cancellation.never());

            long sizes = Stream.concat(Stream.of(pulled.manifest().config()), pulled.manifest().layers().stream())
                    .mapToLong(Descriptor::size)
                    .sum();
            assertThat(pulled.manifestDigest()).isEqualTo(image.digest());
            assertThat(registry.counters()).isEqualTo(new RegistryCounters(4, image.size(), sizes));
            assertThat(pulled.bytesFetched()).isEqualTo(image.size() + sizes);
            unpack(store, pulled);
        }
        assertThat(folder.resolve("root/current/lib/noise")).hasSize(2 << 20);
        assertThat(run(folder.resolve("root/run.sh").toString())).isEqualTo("run\n");
    }

    private void unpack(DiskContentStore store, PulledImage pulled) {
        try (DirectorySink sink = DirectorySink.create(folder.resolve("root"), true)) {
            new Flattener(FlattenLimits.defaults())
                    .flatten(
                            pulled.manifest(),
                            pulled.config(),
                            LayerSource.of(store),
                            sink,
                            ProgressListener.NONE,
                            Cancellation.never());
            sink.publish();
        }
    }

    @Test
    void isCopiedBySkopeoUnchanged() throws Exception {
        assumeTrue(installed("skopeo"), "skopeo is not installed");
        LayoutContentStore store = LayoutContentStore.openReadOnly(layout);
        try (EphemeralRegistry registry = EphemeralRegistry.start(store)) {
            String source = "docker://" + registry.host() + "/registry.slipway.dev/backends/slipway:0.1.0";

            String inspected = run("skopeo", "inspect", "--tls-verify=false", source);
            run(
                    "skopeo",
                    "--insecure-policy",
                    "copy",
                    "--src-tls-verify=false",
                    source,
                    "oci:" + folder.resolve("copy") + ":copied");

            assertThat(inspected).contains(image.digest().toString()).contains("\"0.1.0\"");
        }
        LayoutContentStore copy = LayoutContentStore.openReadOnly(folder.resolve("copy"));
        assertThat(copy.resolve("copied").map(Descriptor::digest)).contains(image.digest());
        try (Stream<Path> blobs = Files.list(folder.resolve("copy/blobs/sha256"))) {
            assertThat(blobs).hasSize(4);
        }
    }

    private static boolean installed(String tool) throws Exception {
        return new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }
}
