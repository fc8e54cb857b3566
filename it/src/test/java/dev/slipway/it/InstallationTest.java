package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Digest;
import dev.slipway.gallery.Installation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.registry.RegistryCounters;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped image, from the registry to the installed folder. */
class InstallationTest {
    @TempDir
    Path home;

    @Test
    void whatIsServedIsExactlyWhatTheManifestCounts() throws Exception {
        Descriptor descriptor =
                ShippedBackend.LAYOUT.resolve(ShippedBackend.reference()).orElseThrow();
        ImageManifest manifest = manifest(descriptor);
        long blobs = manifest.config().size()
                + manifest.layers().stream().mapToLong(Descriptor::size).sum();
        try (ShippedBackend shipped = new ShippedBackend(home)) {
            Installation first = shipped.install();
            RegistryCounters served = shipped.served();

            assertThat(served.blobBytes()).isEqualTo(blobs);
            assertThat(served.manifestBytes()).isEqualTo(descriptor.size());
            assertThat(first.bytesFetched()).isEqualTo(blobs + descriptor.size());
            assertThat(first.backend().metadata().digest())
                    .isEqualTo(descriptor.digest().toString());
            assertThat(Files.isExecutable(first.backend().runScript())).isTrue();

            Installation second = shipped.install();

            assertThat(second.changed()).isFalse();
            assertThat(shipped.served()).isEqualTo(served);
        }
    }

    @Test
    void everyStoredBlobHasItsDigest() throws Exception {
        try (ShippedBackend shipped = new ShippedBackend(home)) {
            shipped.install();
        }
        try (Stream<Path> blobs = Files.list(home.resolve("content/blobs/sha256"))) {
            assertThat(blobs)
                    .hasSizeGreaterThanOrEqualTo(5)
                    .allSatisfy(blob -> assertThat(Digest.sha256(blob).hex())
                            .isEqualTo(blob.getFileName().toString()));
        }
    }

    private static ImageManifest manifest(Descriptor descriptor) throws Exception {
        try (InputStream in = ShippedBackend.LAYOUT.open(descriptor.digest())) {
            return (ImageManifest) ManifestDocument.parse(in.readAllBytes(), descriptor.mediaType());
        }
    }
}
