package dev.slipway.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.dist.runtime.JvmFlags;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.Platform;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.protocol.BackendGrpc;
import dev.slipway.protocol.HealthMessage;
import dev.slipway.protocol.ModelOptions;
import dev.slipway.protocol.PredictOptions;
import dev.slipway.protocol.Reply;
import dev.slipway.protocol.Result;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image that was packed, judged by what a host does with it. */
class BackendImageTest {
    /** All that run.sh asks of a host beside glibc. */
    private static final List<String> HOST_TOOLS = List.of("sh", "readlink");

    @TempDir
    private static Path folder;

    private static Path tree;
    private static Path tools;

    @BeforeAll
    static void unpack() throws Exception {
        tree = folder.resolve("unpacked tree");
        PackedBackend.unpack(tree);
        tools = Files.createDirectories(folder.resolve("bin"));
        for (String tool : HOST_TOOLS) {
            Files.createSymbolicLink(tools.resolve(tool), tool(tool));
        }
    }

    private static Path tool(String name) {
        return List.of("/bin", "/usr/bin").stream()
                .map(place -> Path.of(place, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** Starts run.sh as a host would that has nothing else. */
    private static Process start(Path script, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(tools.resolve("sh").toString(), script.toString());
        builder.command().addAll(List.of(arguments));
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        return builder.directory(new File("/")).redirectErrorStream(true).start();
    }

    private static ManagedChannel connect(BufferedReader output) throws Exception {
        StringBuilder printed = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            printed.append(line).append('\n');
            if (line.contains("listening on")) {
                int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
                return NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .build();
            }
        }
        throw new AssertionError("the backend did not start; it printed:\n" + printed);
    }

    @Test
    void theUnpackedTreeAnswersWithNothingOfTheHostButTheShell() throws Exception {
        Process process = start(tree.resolve("run.sh"), "--addr=127.0.0.1:0");
        try (BufferedReader output = process.inputReader()) {
            ManagedChannel channel = connect(output);
            try {
                var client = BackendGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
                assertThat(client.health(HealthMessage.getDefaultInstance())
                                .getMessage()
                                .toStringUtf8())
                        .isEqualTo("OK");
                Result loaded = client.loadModel(ModelOptions.newBuilder()
                        .setModel("slipway-demo")
                        .setModelFile(PackedBackend.DISTRIBUTION
                                .resolve("models/slipway-demo.gguf")
                                .toString())
                        .build());
                assertThat(loaded.getSuccess()).as(loaded.getMessage()).isTrue();
                Reply reply = client.predict(PredictOptions.newBuilder()
                        .setPrompt("The capital of France is")
                        .setTokens(8)
                        .build());
                assertThat(reply.getMessage().toStringUtf8()).isNotBlank();
                assertThat(reply.getFinishReason()).isIn("stop", "length");
            } finally {
                channel.shutdownNow();
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void runShFindsItsFolderThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), tree.resolve("run.sh"));
        Path second = Files.createSymbolicLink(folder.resolve("second"), link.getFileName());
        Process process = start(second, "--addr", "127.0.0.1:0");
        try (BufferedReader output = process.inputReader()) {
            connect(output).shutdownNow();
            // exec: the process that was started is the backend itself.
            assertThat(process.info().command().orElseThrow()).endsWith("runtime/bin/java");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aWrongArgumentEndsWithTheUsage() throws Exception {
        Process process = start(tree.resolve("run.sh"), "--port", "1");
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isEqualTo(2);
        assertThat(printed).contains("--addr HOST:PORT");
    }

    @Test
    void theClassArchiveFitsTheUnpackedTree() throws Exception {
        List<String> command =
                new ArrayList<>(List.of(tree.resolve("runtime/bin/java").toString()));
        command.addAll(JvmFlags.BACKEND);
        command.removeAll(List.of("-Xshare:auto", "-Xlog:disable"));
        command.addAll(List.of(
                "-Xshare:on",
                "-XX:SharedArchiveFile=" + tree.resolve("lib/backend.jsa"),
                "-jar",
                backendJar().toString(),
                "--help"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        assertThat(printed).doesNotContain("[cds]");
    }

    private static Path backendJar() throws Exception {
        try (var files = Files.list(tree.resolve("lib"))) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith("slipway-backend-"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void builtAgainElsewhereTheImageHasTheSameDigest() {
        String classPath = System.getProperty("java.class.path");
        DistributionInputs inputs = new DistributionInputs(
                PackedBackend.REPOSITORY,
                Path.of(System.getProperty("java.home")),
                System.getProperty("slipway.version", "0.1.0-SNAPSHOT"),
                classPath);
        Digest again = new DistributionBuilder(
                        inputs, folder.resolve("again"), folder.resolve("elsewhere-" + "far-away-".repeat(12)))
                .image();
        assertThat(again).isEqualTo(PackedBackend.descriptor().digest());
    }

    @Test
    void theImageSaysWhatItRunsOnAndHasALayerForEachPaceOfChange() {
        try (LayoutContentStore store = LayoutContentStore.openReadOnly(PackedBackend.DISTRIBUTION.resolve("images"))) {
            ImageManifest manifest = PackedBackend.manifest(store);
            ImageConfig config = PackedBackend.config(store);
            assertThat(config.platform()).isEqualTo(Platform.host());
            assertThat(config.platform().os()).isEqualTo("linux");
            assertThat(manifest.layers()).hasSize(3);
            assertThat(config.diffIds()).hasSize(3);
        }
    }
}
