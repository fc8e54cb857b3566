package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.oci.content.DiskContentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DamagedBlobTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 1000, 1 << 18, (1 << 18) + 1, 3_000_000})
    void neverSendsAWholeBlobInWhichABitHasFlipped(int size) throws IOException {
        try (EphemeralRegistry registry = open();
                RawClient client = new RawClient(registry.address())) {
            byte[] blob = random(size);
            Digest digest = Digest.sha256(blob);
            client.pushBlob("a", digest, blob);
            // Twice: hashed while it is sent, and known by then.
            assertThat(client.get(path(digest)).body()).isEqualTo(blob);
            assertThat(client.get(path(digest)).body()).isEqualTo(blob);
            flipABit(digest);

            assertRefusedOrCut(client, digest);
            assertThat(client.get(path(digest)).status()).isEqualTo(404);
            assertThat(client.head(path(digest)).status()).isEqualTo(404);

            client.pushBlob("a", digest, blob);
            assertThat(client.get(path(digest)).body()).isEqualTo(blob);
        }
    }

    @Test
    void sendsNoPartOfABlobInWhichABitHasFlipped() throws IOException {
        try (EphemeralRegistry registry = open();
                RawClient client = new RawClient(registry.address())) {
            byte[] blob = random(100_000);
            Digest digest = Digest.sha256(blob);
            client.pushBlob("a", digest, blob);
            assertThat(client.get(path(digest), "Range", "bytes=5-9").body()).hasSize(5);
            flipABit(digest);

            assertThat(client.get(path(digest), "Range", "bytes=5-9").status()).isEqualTo(404);
        }
    }

    @Test
    void findsABlobThatWasDamagedBeforeItStarted() throws IOException {
        byte[] blob = random(5000);
        Digest digest = Digest.sha256(blob);
        try (EphemeralRegistry registry = open();
                RawClient client = new RawClient(registry.address())) {
            client.pushBlob("a", digest, blob);
        }
        flipABit(digest);
        try (EphemeralRegistry registry = open();
                RawClient client = new RawClient(registry.address())) {
            assertRefusedOrCut(client, digest);
            assertThat(client.get(path(digest)).status()).isEqualTo(404);
        }
    }

    /** What is small is refused; of what is larger, something may have been sent by then. */
    private static void assertRefusedOrCut(RawClient client, Digest digest) {
        try {
            assertThat(client.get(path(digest)).status()).isIn(404, 500);
        } catch (AssertionError e) {
            assertThat(e).hasRootCauseInstanceOf(IOException.class);
        }
    }

    private EphemeralRegistry open() {
        return EphemeralRegistry.start(DiskContentStore.open(folder));
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static String path(Digest digest) {
        return "/v2/a/blobs/" + digest;
    }

    private void flipABit(Digest digest) throws IOException {
        Path file = folder.resolve("blobs").resolve("sha256").resolve(digest.hex());
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 4;
        Files.write(file, bytes);
    }
}
