package dev.slipway.dist;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.ByteSize;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.LayoutContentStore;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The distribution that the package phase has made, and the backend's image in it. */
final class PackedBackend {
    static final Path REPOSITORY = Path.of(System.getProperty("slipway.repository", ".."))
            .toAbsolutePath()
            .normalize();
    static final Path DISTRIBUTION = REPOSITORY.resolve("dist/target/slipway");
    static final String REFERENCE =
            "registry.slipway.dev/backends/slipway:" + System.getProperty("slipway.version", "0.1.0-SNAPSHOT");

    private PackedBackend() {}

    static Descriptor descriptor() {
        try (LayoutContentStore store = LayoutContentStore.openReadOnly(DISTRIBUTION.resolve("images"))) {
            return store.resolve(REFERENCE).orElseThrow();
        }
    }

    static ImageManifest manifest(LayoutContentStore store) {
        Descriptor manifest = store.resolve(REFERENCE).orElseThrow();
        return (ImageManifest)
                ManifestDocument.parse(store.read(manifest.digest(), ByteSize.ofMebibytes(4)), manifest.mediaType());
    }

    static ImageConfig config(LayoutContentStore store) {
        return ImageConfig.parse(store.read(manifest(store).config().digest(), ByteSize.ofMebibytes(4)));
    }

    /** Unpacks the layers, lowest first, with another program's eyes: the tar that every Linux has. */
    static void unpack(Path folder) throws Exception {
        Files.createDirectories(folder);
        try (LayoutContentStore store = LayoutContentStore.openReadOnly(DISTRIBUTION.resolve("images"))) {
            for (Descriptor layer : manifest(store).layers()) {
                Process tar = new ProcessBuilder(List.of("tar", "-xzf", "-", "-C", folder.toString()))
                        .redirectErrorStream(true)
                        .start();
                try (InputStream in = store.open(layer.digest());
                        var out = tar.getOutputStream()) {
                    in.transferTo(out);
                }
                assertThat(tar.waitFor()).isZero();
            }
        }
    }
}
