package dev.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.cli.CommandRun;
import dev.slipway.oci.content.DiskContentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryCommandsTest {
    private static final byte[] BLOB = {1, 2, 3};
    private static final Digest DIGEST = Digest.sha256(BLOB);

    @TempDir
    Path home;

    @Test
    void collectRemovesWhatNothingNeeds() {
        Path content = home.resolve("own");
        DiskContentStore.open(content).put(DIGEST, BLOB);

        CommandRun dry = CommandRun.inHome(
                home, "registry", "collect", "--dir", content.toString(), "--min-age", "0", "--dry-run");
        CommandRun young = CommandRun.inHome(home, "registry", "collect", "--dir", content.toString());
        boolean kept = DiskContentStore.open(content).has(DIGEST);
        CommandRun run =
                CommandRun.inHome(home, "registry", "collect", "--dir", content.toString(), "--min-age", "0", "--json");

        assertThat(dry.out()).startsWith("Would remove 1 blobs");
        assertThat(young.out()).startsWith("Removed 0 blobs");
        assertThat(kept).isTrue();
        assertThat(run.out()).contains("\"removed-blobs\":1,\"removed-bytes\":3");
        assertThat(DiskContentStore.open(content).has(DIGEST)).isFalse();
    }

    @Test
    void scrubTakesDamagedBlobsOut() throws Exception {
        Path content = home.resolve("own");
        DiskContentStore store = DiskContentStore.open(content);
        store.put(DIGEST, BLOB);
        assertThat(CommandRun.inHome(home, "registry", "scrub", "--dir", content.toString())
                        .status())
                .isZero();
        Files.write(store.file(DIGEST).orElseThrow(), new byte[] {1, 2, 4});

        CommandRun run = CommandRun.inHome(home, "registry", "scrub", "--dir", content.toString());

        assertThat(run.status()).isEqualTo(6);
        assertThat(run.out()).contains(DIGEST.toString());
        assertThat(store.has(DIGEST)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rules x",
                "--token-key x",
                "--open --htpasswd x",
                "--tls-cert x",
                "--tls-key x",
                "--mirror /x",
                "--mirror a=b",
                "--addr 127.0.0.1:x",
            })
    void serveRefusesOptionsThatMakeNoSense(String options) {
        CommandRun run = CommandRun.inHome(home, ("registry serve " + options).split(" "));

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("next:");
    }
}
