package dev.slipway.registry;

import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** What conformance is checked over: where content lies, and which digests name it. */
final class RegistryKinds {
    private RegistryKinds() {}

    static Stream<Arguments> all() {
        return Stream.of("memory", "disk")
                .flatMap(store -> Stream.of("sha256", "sha512").map(algorithm -> Arguments.of(store, algorithm)));
    }

    static ContentStore store(String kind, Path folder) {
        return kind.equals("disk") ? DiskContentStore.open(folder) : new MemoryContentStore();
    }
}
