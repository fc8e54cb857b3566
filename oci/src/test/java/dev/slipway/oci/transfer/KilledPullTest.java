package dev.slipway.oci.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.Platform;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.build.LayerBuilder;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.faults.Fault;
import dev.slipway.oci.faults.FaultyRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes that pull and unpack are killed, at any moment, and the next one goes on. */
@Timeout(180)
class KilledPullTest {
    private static final int LAYERS = 4;
    private static final int LAYER = 6 << 20;
    private static final long MIB = 1 << 20;
    private static final int ROUNDS = 5;

    @TempDir
    Path folder;

    private final MemoryContentStore upstream = new MemoryContentStore();
    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    private Descriptor image() {
        ImageBuilder builder = ImageBuilder.forPlatform(Platform.linux("amd64"));
        for (int layer = 0; layer < LAYERS; layer++) {
            byte[] bytes = new byte[LAYER];
            random.nextBytes(bytes);
            builder = builder.layer(new LayerBuilder().file(bytes, "files/noise-" + layer, false));
        }
        return builder.build(upstream);
    }

    private static long blobs(DiskContentStore store, Descriptor manifest) {
        return store.blobs().stream()
                .filter(digest -> !digest.equals(manifest.digest()))
                .mapToLong(digest -> store.size(digest).orElseThrow())
                .sum();
    }

    private Process start(FaultyRegistry registry, Path home) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PullingProgram.class.getName(),
                        registry.host() + "/a/b:1",
                        home.resolve("content").toString(),
                        home.resolve("tree").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("output").toFile()))
                .start();
    }

    @Test
    void goesOnAfterBeingKilledAndFetchesNextToNothingTwice() throws Exception {
        System.getLogger(KilledPullTest.class.getName()).log(System.Logger.Level.INFO, "seed {0}", seed);
        Descriptor image = image();
        upstream.tag("1", image);
        for (int round = 0; round < ROUNDS; round++) {
            Path home = Files.createDirectories(folder.resolve("home-" + round));
            try (FaultyRegistry registry = FaultyRegistry.start(upstream)) {
                // In some rounds bytes come as fast as they can, in others slowly enough to hit any of them.
                if (round % 2 == 0) {
                    registry.plan(
                            request -> request.isBlob() ? new Fault.Slow(1 << 16, Duration.ofMillis(3)) : Fault.NONE);
                }
                long killAfter = random.nextLong(LAYERS * LAYER / 10 * 9L);
                killWhenServed(registry, start(registry, home), killAfter);
                assertThat(home.resolve("tree")).as("seed " + seed).doesNotExist();

                Process next = start(registry, home);
                assertThat(next.waitFor(100, TimeUnit.SECONDS)).isTrue();

                assertThat(next.exitValue())
                        .as("seed " + seed + ", round " + round + "\n" + Files.readString(folder.resolve("output")))
                        .isZero();
                DiskContentStore store = DiskContentStore.open(home.resolve("content"));
                assertThat(registry.blobBytes())
                        .as("seed " + seed + ", round " + round)
                        .isLessThanOrEqualTo(blobs(store, image) + (LAYERS + 1) * MIB);
                requireWhole(store, home.resolve("tree"));
            }
        }
    }

    private static void killWhenServed(FaultyRegistry registry, Process process, long bytes)
            throws InterruptedException {
        while (process.isAlive() && registry.blobBytes() < bytes) {
            LockSupport.parkNanos(200_000);
        }
        process.destroyForcibly().waitFor();
    }

    private static void requireWhole(DiskContentStore store, Path tree) throws IOException {
        for (Digest digest : store.blobs()) {
            assertThat(Digest.sha256(store.file(digest).orElseThrow())).isEqualTo(digest);
        }
        try (Stream<Path> files = Files.list(tree.resolve("files"))) {
            assertThat(files).hasSize(LAYERS).allMatch(file -> file.toFile().length() == LAYER);
        }
    }
}
