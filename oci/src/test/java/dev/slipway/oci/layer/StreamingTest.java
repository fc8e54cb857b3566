package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreeSink;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Flattening while layers still arrive, and what happens when they or the sink fail. */
@Timeout(60)
class StreamingTest {
    private final RecordingSink sink = new RecordingSink();
    private final Layers layers = new Layers();

    @AfterEach
    void leavesNoThreadBehind() {
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("slipway-inflate");
    }

    private void flatten(LayerSource source, TreeSink into, Cancellation cancellation) {
        flatten(layers.diffIds(), source, into, cancellation);
    }

    private void flatten(List<Digest> diffIds, LayerSource source, TreeSink into, Cancellation cancellation) {
        new Flattener(FlattenLimits.defaults())
                .flatten(layers.descriptors(), diffIds, source, into, ProgressListener.NONE, cancellation);
    }

    private InputStream bytes(Descriptor layer) {
        return new ByteArrayInputStream(layers.bytes(layer));
    }

    private boolean isTop(Descriptor layer) {
        return layer.equals(layers.descriptors().getLast());
    }

    @Test
    void deliversTheTopLayerBeforeTheOneBelowHasCome() {
        layers.dir("a").file("a/x", "1").above().dir("a").file("a/y", "2").above();
        CountDownLatch delivered = new CountDownLatch(1);
        TreeSink watching = new Watched(sink, entry -> {
            if (entry.path().bytes().equals("a/y")) {
                delivered.countDown();
            }
        });
        LayerSource source = (layer, _) -> {
            if (!isTop(layer)) {
                assertThat(await(delivered)).isTrue();
            }
            return bytes(layer);
        };

        flatten(source, watching, Cancellation.never());

        assertThat(sink.lines()).containsExactly("a/", "a/x=1", "a/y=2");
    }

    @Test
    void opensALayerAgainOnlyWhenItWasReadToItsEnd() {
        byte[] noise = new byte[300_000];
        new Random(1).nextBytes(noise);
        String large = new String(noise, StandardCharsets.ISO_8859_1);
        layers.dir("a").file("a/x", large).above();
        // Its parent is not named: one pass cannot decide.
        layers.file("a/y", "2").file("large", large).above();
        Set<Descriptor> open = new HashSet<>();
        List<Descriptor> opened = new ArrayList<>();
        LayerSource source = (layer, _) -> {
            assertThat(open).doesNotContain(layer);
            open.add(layer);
            opened.add(layer);
            return new FilterInputStream(bytes(layer)) {
                @Override
                public int read(byte[] target, int from, int length) throws IOException {
                    int count = in.read(target, from, length);
                    if (count < 0) {
                        open.remove(layer);
                    }
                    return count;
                }
            };
        };

        flatten(source, sink, Cancellation.never());

        assertThat(sink.resets()).isEqualTo(1);
        assertThat(sink.lines()).hasSize(4);
        assertThat(opened).hasSizeGreaterThan(4);
    }

    @Test
    void throwsWhatTheSourceThrowsAndDoesNotFinish() {
        layers.dir("a").above().file("b", "1").above();
        LayerSource source = (layer, _) -> {
            if (!isTop(layer)) {
                throw new IOException("the blob has begun anew");
            }
            return bytes(layer);
        };
        assertThatThrownBy(() -> flatten(source, sink, Cancellation.never()))
                .isInstanceOf(CodedException.class)
                .hasMessageContaining("begun anew");
        assertThatThrownBy(sink::lines).isInstanceOf(AssertionError.class);
    }

    @Test
    void readsAllAgainWhenALayerWasWrongAndIsFetchedAnew() {
        layers.dir("a").above().dir("b").file("b/x", "1").above();
        List<Descriptor> wrong = new ArrayList<>(List.of(layers.descriptors().getFirst()));
        LayerSource source = (layer, _) -> {
            if (wrong.remove(layer)) {
                throw OciException.corrupt(LayerSource.RESTARTED, "A blob was wrong.");
            }
            return bytes(layer);
        };
        flatten(source, sink, Cancellation.never());
        assertThat(sink.resets()).isEqualTo(1);
        assertThat(sink.lines()).containsExactly("a/", "b/", "b/x=1");
    }

    @Test
    void endsTheWaitForBytesWhenTheSinkFails() {
        layers.dir("a").above().file("b", "1").above();
        LayerSource source = (layer, cancellation) -> isTop(layer) ? bytes(layer) : new Stalled(cancellation);
        TreeSink failing = new Watched(sink, _ -> {
            throw new IOException("the disk is gone");
        });
        assertThatThrownBy(() -> flatten(source, failing, Cancellation.never()))
                .isInstanceOf(CodedException.class)
                .hasMessageContaining("the disk is gone");
    }

    @Test
    void endsTheWaitForBytesWhenItIsCancelled() {
        layers.dir("a").above().file("b", "1").above();
        Cancellation cancellation = new Cancellation();
        LayerSource source = (layer, own) -> {
            if (isTop(layer)) {
                return bytes(layer);
            }
            Stalled stalled = new Stalled(own);
            cancellation.cancel();
            return stalled;
        };
        assertThatThrownBy(() -> flatten(source, sink, cancellation))
                .isInstanceOf(CodedException.class)
                .hasFieldOrPropertyWithValue("code", "base.cancelled");
    }

    @Test
    void doesNotFinishBeforeTheLowestLayerProvedRight() {
        layers.dir("a").above().file("b", "1").above();
        List<Digest> diffIds = List.of(Digest.sha256("other"), layers.diffIds().getLast());
        assertThatThrownBy(() -> flatten(diffIds, (layer, _) -> bytes(layer), sink, Cancellation.never()))
                .hasFieldOrPropertyWithValue("code", "oci.diff-id-mismatch");
        assertThat(sink.entries).isNotEmpty();
        assertThatThrownBy(sink::lines).isInstanceOf(AssertionError.class);
    }

    @Test
    void saysHowFarItIsWithoutEverGoingBack() {
        layers.dir("a").file("a/x", "1").above().file("a/y", "2").above();
        List<ProgressListener.Progress> heard = new ArrayList<>();
        new Flattener(FlattenLimits.defaults())
                .flatten(
                        layers.descriptors(),
                        layers.diffIds(),
                        (layer, _) -> bytes(layer),
                        sink,
                        heard::add,
                        Cancellation.never());
        assertThat(heard).extracting(ProgressListener.Progress::done).isSorted().doesNotHaveDuplicates();
        assertThat(heard.getLast().finished()).isTrue();
    }

    @Test
    void takesFilesLargerThanAllItsBuffers() {
        byte[] noise = new byte[9_000_001];
        new Random(2).nextBytes(noise);
        String large = new String(noise, StandardCharsets.ISO_8859_1);
        layers.file("hidden", large)
                .file("kept", large)
                .above()
                .file("hidden", "1")
                .file("other", large);
        assertThat(layers.tree()).hasSize(3).contains("hidden=1", "kept=" + large, "other=" + large);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Never gives a byte. */
    private static final class Stalled extends InputStream {
        private final CountDownLatch ended = new CountDownLatch(1);

        Stalled(Cancellation cancellation) {
            var _ = cancellation.onCancel(ended::countDown);
        }

        @Override
        public int read() throws IOException {
            assertThat(await(ended)).isTrue();
            throw new IOException("no more will come");
        }
    }

    @FunctionalInterface
    private interface Watcher {
        void added(TreeEntry entry) throws IOException;
    }

    private record Watched(TreeSink sink, Watcher watcher) implements TreeSink {
        @Override
        public void add(TreeEntry entry, InputStream content) throws IOException {
            sink.add(entry, content);
            watcher.added(entry);
        }

        @Override
        public void reset() throws IOException {
            sink.reset();
        }

        @Override
        public void finish() throws IOException {
            sink.finish();
        }
    }
}
