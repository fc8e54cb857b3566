package dev.slipway.oci.archive;

import dev.slipway.base.Digest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.content.MemoryContentStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Reads the {@code dir:} form that skopeo writes for debugging: blobs by their digits, and the manifest. */
final class DirFolder {
    private DirFolder() {}

    static MemoryContentStore read(Path folder, String name) throws IOException {
        MemoryContentStore store = new MemoryContentStore();
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.toList();
        }
        for (Path file : files) {
            byte[] bytes = Files.readAllBytes(file);
            store.put(Digest.sha256(bytes), bytes);
            if (file.endsWith("manifest.json")) {
                store.tag(name, ManifestDocument.parse(bytes, "").descriptor());
            }
        }
        return store;
    }
}
