package dev.slipway.oci.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.Tasks;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every content store promises about blobs and references. */
abstract class StoreContract {
    static final byte[] BYTES = "0123456789".getBytes(StandardCharsets.UTF_8);
    static final Digest DIGEST = Digest.sha256(BYTES);
    static final Digest LONG_DIGEST =
            Digest.of("sha512", Digest.hasher("sha512").digest(BYTES));

    ContentStore store;

    /** A new, empty store. */
    abstract ContentStore create() throws IOException;

    @BeforeEach
    void createStore() throws IOException {
        store = create();
    }

    @Test
    void showsABlobOnlyOnceItIsCompleteAndRight() {
        try (Ingest ingest = store.ingest(DIGEST, 10, Cancellation.never())) {
            ingest.write(BYTES, 0, 9);
            assertThatThrownBy(ingest::commit).hasMessageContaining("9 of its 10 bytes");
            assertThat(store.has(DIGEST)).isFalse();
            assertThat(store.file(DIGEST)).isEmpty();
            assertThatThrownBy(() -> store.open(DIGEST)).hasMessageContaining("not in the content store");
            ingest.write(BYTES, 9, 1);
            assertThat(store.has(DIGEST)).isFalse();
            ingest.commit();
        }
        assertThat(store.size(DIGEST)).hasValue(10);
        assertThat(store.blobs()).containsExactly(DIGEST);
        assertThat(store.read(DIGEST, new ByteSize(10))).isEqualTo(BYTES);
        assertThatThrownBy(() -> store.read(DIGEST, new ByteSize(9))).hasMessageContaining("longer");
    }

    @Test
    void takesInSha512AsItDoesSha256() {
        try (Ingest ingest = store.ingest(LONG_DIGEST, 10, Cancellation.never())) {
            ByteBuffer direct = ByteBuffer.allocateDirect(10).put(BYTES).flip();
            ingest.write(direct);
            assertThat(direct.hasRemaining()).isFalse();
            ingest.commit();
        }
        assertThat(store.read(LONG_DIGEST, new ByteSize(10))).isEqualTo(BYTES);
        assertThat(store.has(DIGEST)).isFalse();
        assertThat(store.blobs()).containsExactly(LONG_DIGEST);
    }

    @Test
    void goesOnWhereAnEarlierAttemptStopped() {
        try (Ingest first = store.ingest(DIGEST, 10, Cancellation.never())) {
            first.write(BYTES, 0, 4);
        }
        try (Ingest second = store.ingest(DIGEST, 10, Cancellation.never())) {
            assertThat(second.offset()).isEqualTo(4);
            second.write(ByteBuffer.wrap(BYTES, 4, 6));
            second.commit();
        }
        assertThat(store.read(DIGEST, new ByteSize(100))).isEqualTo(BYTES);
        try (Ingest third = store.ingest(DIGEST, 10, Cancellation.never())) {
            assertThat(third.offset()).isEqualTo(10);
            third.commit();
        }
    }

    @Test
    void dropsWrongBytesAndBeginsAgain() {
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

    @Test
    void bringsABlobOnceWhenFiftyAskForIt() {
        Callable<Boolean> bring = () -> {
            try (Ingest ingest = store.ingest(DIGEST, 10, Cancellation.never())) {
                boolean mine = ingest.offset() == 0;
                ingest.write(BYTES, (int) ingest.offset(), 10 - (int) ingest.offset());
                ingest.commit();
                return mine;
            }
        };

        assertThat(Tasks.runAll(Collections.nCopies(50, bring), 50, Cancellation.never()))
                .containsOnlyOnce(true);
        assertThat(store.blobs()).containsExactly(DIGEST);
    }

    @Test
    void stopsWaitingForABlobWhenAskedTo() {
        Cancellation cancellation = new Cancellation();
        cancellation.cancel();
        try (Ingest _ = store.ingest(DIGEST, 10, Cancellation.never())) {
            assertThatThrownBy(() -> store.ingest(DIGEST, 10, cancellation)).hasMessage("Cancelled.");
        }
    }

    @Test
    void takesInWhatHasItsDigestLast() {
        try (Staging staging = store.stage("upload-1")) {
            staging.write(BYTES, 0, 4);
        }
        try (Staging staging = store.staged("upload-1").orElseThrow()) {
            assertThat(staging.offset()).isEqualTo(4);
            staging.write(BYTES, 4, 6);
            staging.commit(LONG_DIGEST);
        }
        assertThat(store.staged("upload-1")).isEmpty();
        assertThat(store.read(LONG_DIGEST, new ByteSize(10))).isEqualTo(BYTES);
    }

    @Test
    void replacesReferencesAndListsThemSorted() {
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
    void listsARepositoryAlone() {
        Descriptor descriptor = Descriptor.of(MediaTypes.MANIFEST, BYTES);
        List<String> ours = List.of("localhost:5000/a/b", "localhost:5000/a/b:1", "localhost:5000/a/b@" + LONG_DIGEST);
        List<String> others = List.of("localhost:5000/a", "localhost:5000/a/b/c:1", "localhost:5000/a/bc:1", "b:1");
        ours.forEach(name -> store.tag(name, descriptor));
        others.forEach(name -> store.tag(name, descriptor));

        assertThat(store.names("localhost:5000/a/b")).isEqualTo(ours);
        assertThat(store.references("localhost:5000/a/b"))
                .allMatch(reference -> reference.descriptor().equals(descriptor))
                .extracting(Reference::name)
                .isEqualTo(ours);
        assertThat(store.names("localhost:5000/nothing")).isEmpty();
        assertThat(store.references())
                .hasSize(7)
                .isSortedAccordingTo((a, b) -> a.name().compareTo(b.name()));
    }

    @Test
    void comparesAndSetsReferences() {
        Descriptor one = Descriptor.of(MediaTypes.MANIFEST, new byte[] {1});
        Descriptor two = Descriptor.of(MediaTypes.MANIFEST, new byte[] {2});

        assertThat(store.retag("a:1", one, two)).isFalse();
        assertThat(store.tagNew("a:1", one)).isTrue();
        assertThat(store.tagNew("a:1", two)).isFalse();
        assertThat(store.retag("a:1", two, two)).isFalse();
        assertThat(store.retag("a:1", one, two)).isTrue();
        assertThat(store.untag("a:1", one)).isFalse();
        assertThat(store.resolve("a:1")).contains(two);
        assertThat(store.untag("a:1", two)).isTrue();
        assertThat(store.names()).isEmpty();
    }

    @Test
    void letsOneOfManyWinEachTurnAtAReference() {
        Descriptor start = Descriptor.of(MediaTypes.MANIFEST, DIGEST, 0);
        store.tag("counter:1", start);
        Callable<Boolean> add = () -> {
            while (true) {
                Descriptor seen = store.resolve("counter:1").orElseThrow();
                if (store.retag("counter:1", seen, Descriptor.of(MediaTypes.MANIFEST, DIGEST, seen.size() + 1))) {
                    return true;
                }
            }
        };

        Tasks.runAll(Collections.nCopies(40, add), 8, Cancellation.never());

        assertThat(store.resolve("counter:1").orElseThrow().size()).isEqualTo(40);
    }

    @Test
    void holdsAndProtectsOnlyWhatIsHere() {
        assertThat(store.hold(DIGEST, Duration.ofHours(1))).isFalse();
        try (Lease lease = store.lease(Duration.ofMinutes(1), "a test")) {
            assertThat(lease.protect(DIGEST)).isFalse();
            store.put(DIGEST, BYTES);
            assertThat(lease.protect(DIGEST)).isTrue();
            lease.require();
        }
        assertThat(store.hold(DIGEST, Duration.ofHours(1))).isTrue();
    }
}
