package dev.slipway.oci.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayoutContentStoreTest {
    @TempDir
    Path folder;

    @Nested
    class AsAStore extends StoreContract {
        @Override
        ContentStore create() throws IOException {
            return LayoutContentStore.open(folder.resolve("layout"));
        }
    }

    @Test
    void leavesNoTraceOfWriting() throws IOException {
        try (LayoutContentStore store = LayoutContentStore.open(folder)) {
            store.put(StoreContract.DIGEST, StoreContract.BYTES);
        }
        try (var files = Files.list(folder)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("blobs", "index.json", "oci-layout");
        }
    }

    @Test
    void refusesChangesWhenReadOnly() {
        try (LayoutContentStore store = LayoutContentStore.open(folder)) {
            store.put(StoreContract.DIGEST, StoreContract.BYTES);
        }
        LayoutContentStore store = LayoutContentStore.openReadOnly(folder);
        Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, StoreContract.BYTES);

        assertThat(store.hold(StoreContract.DIGEST, java.time.Duration.ofHours(1)))
                .isTrue();
        assertThatThrownBy(() -> store.tag("a:1", descriptor)).hasMessageContaining("reading only");
        assertThatThrownBy(() -> store.untag("a:1")).hasMessageContaining("reading only");
        assertThatThrownBy(() -> store.stage("upload")).hasMessageContaining("reading only");
        assertThatThrownBy(() -> store.ingest(StoreContract.LONG_DIGEST, 10, Cancellation.never()))
                .hasMessageContaining("reading only");
        assertThatThrownBy(() -> store.collect(CollectOptions.defaults(), ProgressListener.NONE, Cancellation.never()))
                .hasMessageContaining("keeps all its blobs");
    }

    @Test
    void saysThatAFolderIsNoLayout() {
        assertThatThrownBy(() -> LayoutContentStore.openReadOnly(folder)).hasMessageContaining("no index.json");
    }
}
