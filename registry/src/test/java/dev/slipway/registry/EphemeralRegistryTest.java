package dev.slipway.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.oci.content.DiskContentStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EphemeralRegistryTest {
    @Test
    void takesNothingAlongWhenItCloses() {
        Path folder;
        int threads = Thread.activeCount();
        try (EphemeralRegistry registry = EphemeralRegistry.startOnDisk();
                RawClient client = new RawClient(registry.address())) {
            folder = ((DiskContentStore) registry.store()).folder().orElseThrow();
            byte[] blob = {1, 2};
            client.pushBlob("a", Digest.sha256(blob), blob);
            client.begin("a");
            assertThat(Files.exists(folder)).isTrue();
        }
        assertThat(Files.exists(folder)).isFalse();
        assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
    }

    @Test
    void startsManyTimesAndListensOnLoopbackOnly() {
        for (int i = 0; i < 20; i++) {
            try (EphemeralRegistry registry = EphemeralRegistry.start();
                    RawClient client = new RawClient(registry.address())) {
                assertThat(registry.address().getHost()).isEqualTo("127.0.0.1");
                assertThat(client.get("/v2/").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void countsWhatItServes() {
        try (EphemeralRegistry registry = EphemeralRegistry.start();
                RawClient client = new RawClient(registry.address())) {
            byte[] blob = new byte[100];
            client.pushBlob("a", Digest.sha256(blob), blob);
            client.get("/v2/a/blobs/" + Digest.sha256(blob));
            client.get("/v2/a/blobs/" + Digest.sha256(""));

            assertThat(registry.counters()).isEqualTo(new RegistryCounters(4, 0, 100));
            assertThat(client.get("/metrics").text())
                    .contains("slipway_registry_blob_sent_bytes_total 100\n")
                    .contains("slipway_registry_blob_received_bytes_total 100\n")
                    .contains("slipway_registry_client_errors_total 1\n")
                    .contains("slipway_registry_blobs_pushed_total 1\n")
                    .contains("slipway_registry_manifests_pushed_total 0\n");
            byte[] index = Documents.index(List.of(), "");
            client.pushManifest("a", "1", RawClient.INDEX, index);
            assertThat(client.get("/metrics").text()).contains("slipway_registry_manifests_pushed_total 1\n");
            assertThat(Optional.of(client.get("/metrics").header("Content-Type")))
                    .hasValueSatisfying(type -> assertThat(type).startsWith("text/plain"));
        }
    }
}
