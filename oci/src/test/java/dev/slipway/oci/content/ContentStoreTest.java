package dev.slipway.oci.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.Tasks;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ContentStoreTest {
    private static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.UTF_8);
    private static final Digest DIGEST = Digest.sha256(BYTES);

    @TempDir
    static Path folder;

    static Stream<ContentStore> stores() throws Exception {
        return Stream.of(
                DiskContentStore.open(Files.createTempDirectory(folder, "disk")),
                LayoutContentStore.open(Files.createTempDirectory(folder, "layout")),
                new MemoryContentStore());
    }

    @ParameterizedTest
    @MethodSource("stores")
    void showsABlobOnlyOnceItIsCompleteAndRight(ContentStore store) throws Exception {
        try (Ingest ingest = store.ingest(DIGEST, 10, Cancellation.never())) {
            ingest.write(BYTES, 0, 9);
            assertThatThrownBy(ingest::commit).hasMessageContaining("9 of its 10 bytes");
            assertThat(store.has(DIGEST)).isFalse();
            ingest.write(BYTES, 9, 1);
            assertThat(store.has(DIGEST)).isFalse();
            ingest.commit();
        }
        assertThat(store.size(DIGEST)).hasValue(10);
        assertThat(store.read(DIGEST, new ByteSize(10))).isEqualTo(BYTES);
        assertThatThrownBy(() -> store.read(DIGEST, new ByteSize(9))).hasMessageContaining("longer");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void goesOnWhereAnEarlierAttemptStopped(ContentStore store) {
        try (Ingest first = store.ingest(DIGEST, 10, Cancellation.never())) {
            first.write(BYTES, 0, 4);
        }
        try (Ingest second = store.ingest(DIGEST, 10, Cancellation.never())) {
            assertThat(second.offset()).isEqualTo(4);
            second.write(BYTES, 4, 6);
            second.commit();
        }
        assertThat(store.read(DIGEST, new ByteSize(100))).isEqualTo(BYTES);
        try (Ingest third = store.ingest(DIGEST, 10, Cancellation.never())) {
            assertThat(third.offset()).isEqualTo(10);
            third.commit();
        }
    }

    @ParameterizedTest
    @MethodSource("stores")
    void dropsWrongBytesAndBeginsAgain(ContentStore store) {
        try (Ingest ingest = store.ingest(DIGEST, 10, Cancellation.never())) {
            ingest.write("0123456780".getBytes(StandardCharsets.UTF_8), 0, 10);
            assertThatThrownBy(ingest::commit).hasMessageContaining("another digest");
            assertThat(ingest.offset()).isZero();
            assertThatThrownBy(() -> ingest.write(new byte[11], 0, 11)).hasMessageContaining("goes on after");
        }
        assertThat(store.has(DIGEST)).isFalse();
        store.put(DIGEST, BYTES);
        assertThat(store.has(DIGEST)).isTrue();
        assertThatThrownBy(() -> store.ingest(DIGEST, 11, Cancellation.never())).hasMessageContaining("not the 11");
    }

    @ParameterizedTest
    @MethodSource("stores")
    void replacesReferencesAndListsThemSorted(ContentStore store) {
        Descriptor first = Descriptor.of(MediaTypes.MANIFEST, BYTES);
        Descriptor second = Descriptor.of(MediaTypes.INDEX, new byte[0]);
        store.tag("localhost/b:1", first);
        store.tag("localhost/a/../x:1", first);
        store.tag("localhost/b:1", second);

        assertThat(store.names()).containsExactly("localhost/a/../x:1", "localhost/b:1");
        assertThat(store.resolve("localhost/b:1")).contains(second);
        assertThat(store.resolve("localhost/b:2")).isEmpty();
        assertThat(store.untag("localhost/b:1")).isTrue();
        assertThat(store.untag("localhost/b:1")).isFalse();
        assertThat(store.names()).containsExactly("localhost/a/../x:1");
    }

    @Test
    void bringsABlobOnceWhenManyAskForIt() throws Exception {
        ContentStore store = DiskContentStore.open(folder.resolve("many"));
        Callable<Boolean> put = () -> {
            try (Ingest ingest = store.ingest(DIGEST, 10, Cancellation.never())) {
                boolean mine = ingest.offset() == 0;
                ingest.write(BYTES, (int) ingest.offset(), 10 - (int) ingest.offset());
                ingest.commit();
                return mine;
            }
        };

        assertThat(Tasks.runAll(Collections.nCopies(8, put), 8, Cancellation.never()))
                .containsOnlyOnce(true);
    }

    @Test
    void showsItsReferencesToOtherToolsWhenAsked() {
        Path root = folder.resolve("view");
        DiskContentStore store = DiskContentStore.open(root);
        Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, BYTES);
        store.tag("localhost/a:1", descriptor);
        store.writeIndex();

        LayoutContentStore layout = LayoutContentStore.openReadOnly(root);

        assertThat(layout.names()).containsExactly("localhost/a:1");
        assertThat(layout.resolve("localhost/a:1")).contains(descriptor);
        assertThatThrownBy(() -> layout.put(DIGEST, BYTES)).hasMessageContaining("reading only");
    }

    @Test
    void saysThatAFolderIsNoLayout() {
        assertThatThrownBy(() -> LayoutContentStore.openReadOnly(folder)).hasMessageContaining("no index.json");
    }
}
