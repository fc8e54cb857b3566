package dev.slipway.oci.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.Ingest;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.content.MemoryContentStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentDestinationTest {
    private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.UTF_8);
    private static final Descriptor BLOB = Descriptor.of(MediaTypes.LAYER_TAR, BYTES);
    private static final Cancellation NEVER = Cancellation.never();

    @TempDir
    Path folder;

    private final MemoryContentStore source = new MemoryContentStore();

    @Test
    void takesInABlobGoingOnWhereAnEarlierOneStopped() {
        source.put(BLOB.digest(), BYTES);
        List<Long> arrived = new ArrayList<>();
        try (LayoutContentStore store = LayoutContentStore.open(folder)) {
            try (Ingest ingest = store.ingest(BLOB.digest(), BLOB.size(), NEVER)) {
                ingest.write(BYTES, 0, 4);
            }
            ContentDestination destination = new ContentDestination(store, "there");

            destination.putBlob(BLOB, BlobSource.of(source), arrived::add, NEVER);

            assertThat(arrived).containsExactly(4L, 10L);
            assertThat(destination.has(BLOB, NEVER)).isTrue();
        }
    }

    @Test
    void showsTheNameOnlyWhenPublished() {
        ImageManifest manifest = ImageManifest.create(BLOB, List.of(), Map.of());
        try (LayoutContentStore store = LayoutContentStore.open(folder)) {
            ContentDestination destination = new ContentDestination(store, "there");
            destination.putManifest(manifest, NEVER);
            assertThat(store.names()).isEmpty();

            destination.publish(manifest, NEVER);

            assertThat(store.resolve("there")).contains(manifest.descriptor());
        }
    }

    @Test
    void refusesBytesThatAreNotWhatTheirDescriptorSays() {
        BlobSource liar = (_, _, _) -> new java.io.ByteArrayInputStream("abcdefghij".getBytes(StandardCharsets.UTF_8));
        try (LayoutContentStore store = LayoutContentStore.open(folder)) {
            ContentDestination destination = new ContentDestination(store, "there");

            assertThatThrownBy(() -> destination.putBlob(BLOB, liar, _ -> {}, NEVER))
                    .isInstanceOf(OciException.class)
                    .hasMessageContaining("another digest");
            assertThat(store.size(Digest.sha256(BYTES))).isEmpty();
        }
    }
}
