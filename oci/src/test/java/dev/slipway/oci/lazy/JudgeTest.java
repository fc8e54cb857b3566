package dev.slipway.oci.lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.fetch.Fetcher;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.transport.Registries;
import dev.slipway.oci.transport.RegistryTransport;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of other makers: zstd:chunked by podman, over a real registry, and a sparse file by GNU tar. */
class JudgeTest {
    private static final Pattern LISTENING = Pattern.compile("listening on (127\\.0\\.0\\.1:\\d+)");
    private static final Pattern SERVED = Pattern.compile("\"GET /v2/[^\"]*/blobs/[^\"]*\" 206 (\\d+) ");

    @TempDir
    Path folder;

    private static void require(String... tools) throws Exception {
        for (String tool : tools) {
            boolean there =
                    new ProcessBuilder("sh", "-c", "command -v " + tool).start().waitFor() == 0;
            if (!there) {
                System.err.println("Skipped: " + tool + " is not installed.");
            }
            assumeTrue(there, tool + " is not installed");
        }
    }

    private String run(String script) throws Exception {
        Process process = new ProcessBuilder("sh", "-ec", script)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(script + "\n" + output).isZero();
        return output;
    }

    @Test
    void readsAFileOfAnImageThatPodmanPushedAsZstdChunked() throws Exception {
        require("podman", "docker-registry", "tar");
        boolean root = run("id -u").strip().equals("0");
        if (!root) {
            System.err.println("Skipped: podman needs root for a store of its own.");
        }
        assumeTrue(root, "podman needs root for a store of its own");
        byte[] holes = new byte[2_000_000];
        new Random(1).nextBytes(holes);
        java.util.Arrays.fill(holes, 500_000, 1_500_000, (byte) 0);
        byte[] large = new byte[4_000_000];
        new Random(2).nextBytes(large);
        Path tree = Files.createDirectories(folder.resolve("tree/opt/app"));
        Files.write(tree.resolve("holes"), holes);
        Files.write(tree.resolve("large"), large);
        Files.writeString(tree.resolve("small"), "Grüße");
        run("cd tree && ln -s /opt/app/small link && ln opt/app/small opt/app/twin && ln -s app opt/other");
        Files.writeString(folder.resolve("registry.yml"), """
                version: 0.1
                storage: {filesystem: {rootdirectory: %s/registry}}
                http: {addr: '127.0.0.1:0'}
                """.formatted(folder));
        Path log = folder.resolve("registry.log");
        Process registry = new ProcessBuilder(
                        "docker-registry",
                        "serve",
                        folder.resolve("registry.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> LISTENING.matcher(Files.readString(log)).find());
            Matcher address = LISTENING.matcher(Files.readString(log));
            assertThat(address.find()).isTrue();
            String name = address.group(1) + "/lazy/image:1";
            String podman =
                    "podman --root %1$s/s --runroot %1$s/r --tmpdir %1$s/t --storage-driver vfs ".formatted(folder);
            run("tar -c -C tree . | " + podman + "import - " + name + "\n" + podman
                    + "push --tls-verify=false --compression-format zstd:chunked " + name);
            readFiles(ImageReference.parse(name), log, holes);
        } finally {
            registry.destroy();
            registry.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private void readFiles(ImageReference reference, Path log, byte[] holes) throws Exception {
        LongAdder fetched = new LongAdder();
        try (Fetcher fetcher = Fetcher.create(FetchOptions.defaults())) {
            RegistryTransport transport = Registries.anonymous(fetcher).origin(reference, fetched);
            ImageManifest image = (ImageManifest) transport.manifest("1", Cancellation.never());
            RemoteTree tree = RemoteTree.open(image, transport, LazyLimits.defaults(), Cancellation.never());

            assertThat(text(tree, "link")).isEqualTo("Grüße");
            assertThat(text(tree, "opt/other/twin")).isEqualTo("Grüße");
            assertThat(tree.report().streamed()).isEmpty();
            // The table, and the one small file twice.
            assertThat(tree.report().requests()).isEqualTo(3);
            assertThat(tree.report().bytes()).isLessThan(20_000);
            assertThat(served(log)).isLessThan(20_000);

            try (InputStream in = tree.read(TreePath.parse("opt/app/holes"))) {
                assertThat(in.readAllBytes()).isEqualTo(holes);
            }
            assertThat(served(log)).isBetween(1_000_000L, 1_200_000L);
            assertThat(tree.list(TreePath.parse("opt/app")))
                    .extracting(entry -> entry.path().name())
                    .containsExactly("holes", "large", "small", "twin");
        }
    }

    private static String text(RemoteTree tree, String path) throws Exception {
        try (InputStream in = tree.read(TreePath.parse(path))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static long served(Path log) throws Exception {
        return SERVED.matcher(Files.readString(log))
                .results()
                .mapToLong(hit -> Long.parseLong(hit.group(1)))
                .sum();
    }

    @Test
    void readsASparseFileOfALayerThatItStreams() throws Exception {
        require("tar", "truncate");
        run(
                "truncate -s 3M sparse; printf middle | dd of=sparse bs=1 seek=1000000 conv=notrunc; tar -S -cf layer.tar sparse");
        byte[] bytes = Files.readAllBytes(folder.resolve("layer.tar"));
        assertThat(bytes.length).isLessThan(100_000);
        Descriptor layer = Descriptor.of(MediaTypes.LAYER_TAR, bytes);
        RemoteTree tree =
                new FakePlace().with(layer.withAnnotations(Map.of()), bytes).tree();

        TreeEntry entry = tree.stat(TreePath.parse("other/../sparse")).orElseThrow();
        assertThat(((TreeEntry.RegularFile) entry).size()).isEqualTo(3 << 20);
        Digest expected = Digest.sha256(folder.resolve("sparse"));
        // Kept from the first reading, and read again from the layer.
        RemoteTree other = new FakePlace().with(layer, bytes).tree();
        other.list(TreePath.ROOT);
        for (RemoteTree each : new RemoteTree[] {tree, other}) {
            try (InputStream in = each.read(TreePath.parse("sparse"))) {
                assertThat(Digest.sha256(in.readAllBytes())).isEqualTo(expected);
            }
        }
    }
}
