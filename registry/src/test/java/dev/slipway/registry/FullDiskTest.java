package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.registry.RawClient.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry on a disk that is too small. */
class FullDiskTest {
    @TempDir
    Path folder;

    @Test
    void goesOnServingWhenTheDiskIsFull() throws Exception {
        Path disk = Files.createDirectory(folder.resolve("disk"));
        if (Tools.missing("mount").isPresent()
                || Tools.status("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk.toString()) != 0) {
            System.out.println("skipped: this user cannot mount a tmpfs");
            return;
        }
        try (EphemeralRegistry registry = EphemeralRegistry.start(DiskContentStore.open(disk.resolve("content")));
                RawClient client = new RawClient(registry.address())) {
            byte[] small = TestImages.noise(1, 1 << 20);
            byte[] large = TestImages.noise(2, 6 << 20);
            client.pushBlob("a", Digest.sha256(small), small);

            Answer whole = client.send("POST", "/v2/a/blobs/uploads/?digest=" + Digest.sha256(large), large);
            String location = client.begin("a");
            Answer chunk = client.send("PATCH", location, large);

            assertThat(whole.status()).isEqualTo(507);
            assertThat(whole.text()).contains("no room").doesNotContain(disk.toString());
            assertThat(chunk.status()).isEqualTo(507);
            assertThat(client.get("/v2/a/blobs/" + Digest.sha256(large)).status())
                    .isEqualTo(404);
            assertThat(client.get("/v2/a/blobs/" + Digest.sha256(small)).body()).isEqualTo(small);
            assertThat(client.send("DELETE", location).status()).isEqualTo(204);
            byte[] fits = TestImages.noise(3, 1 << 20);
            client.pushBlob("a", Digest.sha256(fits), fits);
            assertThat(client.get("/v2/a/blobs/" + Digest.sha256(fits)).body()).isEqualTo(fits);
        } finally {
            Tools.run("umount", disk.toString());
        }
    }
}
