package dev.slipway.oci.lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.oci.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing is believed that no digest vouches for. */
class VerificationTest {
    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(42).nextBytes(bytes);
        return bytes;
    }

    private static FakePlace damaged(LazyLayer.Made made, int at) {
        byte[] bytes = made.blob().clone();
        bytes[at] ^= 1;
        return new FakePlace().with(made.descriptor(), bytes);
    }

    private static int offsetOfTable(LazyLayer.Made layer) {
        FakePlace place = new FakePlace().with(layer);
        place.tree().stat(TreePath.parse("file"));
        return (int) place.asked.getLast().offset();
    }

    @ParameterizedTest
    @EnumSource(names = {"STARGZ", "LEGACY_STARGZ", "CHUNKED", "OLD_CHUNKED"})
    void refusesATableThatTheManifestDoesNotVouchFor(Format format) {
        LazyLayer other = new LazyLayer(format).file("file", "evil");
        LazyLayer.Made good = new LazyLayer(format).file("file", "good").make();
        LazyLayer.Made evil = other.make();
        var annotations = good.descriptor().annotations();
        FakePlace place = new FakePlace().with(evil.descriptor().withAnnotations(annotations), evil.blob());

        assertThatThrownBy(() -> RemoteTreeTest.read(place.tree(), "file"))
                .hasFieldOrPropertyWithValue("code", "oci.digest-mismatch")
                .hasMessageContaining("table of contents");
        assertThat(place.asked).hasSizeLessThanOrEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource(names = {"STARGZ", "CHUNKED"})
    void streamsALayerWhoseTableHasNoDigest(Format format) throws IOException {
        LazyLayer.Made made = new LazyLayer(format).file("file", "text").make();
        FakePlace place =
                new FakePlace().with(made.descriptor().withAnnotations(java.util.Map.of("other", "x")), made.blob());
        RemoteTree tree = place.tree();

        assertThat(RemoteTreeTest.read(tree, "file")).isEqualTo("text");
        assertThat(tree.report().streamed()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"STARGZ", "CHUNKED"})
    void handsOutNoByteOfADamagedChunk(Format format) throws IOException {
        byte[] content = noise(100_000);
        LazyLayer layer = new LazyLayer(format).chunks(20_000).file("file", content);
        LazyLayer.Made made = layer.make();
        // Noise is stored as it is, so that a bit changes without the compression noticing at once.
        FakePlace place = damaged(made, 70_000);

        try (InputStream in = place.tree().read(TreePath.parse("file"))) {
            byte[] good = in.readNBytes(60_000);
            assertThat(good).isEqualTo(Arrays.copyOf(content, 60_000));
            assertThatThrownBy(in::read)
                    .extracting("code")
                    .isIn("oci.digest-mismatch", "oci.invalid-gzip", "oci.invalid-zstd");
        }
    }

    @Test
    void verifiesAFileWhoseChunksHaveNoDigests() throws IOException {
        LazyLayer layer = new LazyLayer(Format.CHUNKED)
                .withoutChunkDigests()
                .chunks(20_000)
                .file("file", noise(100_000));
        LazyLayer.Made made = layer.make();

        assertThat(RemoteTreeTest.read(new FakePlace().with(made).tree(), "file"))
                .isEqualTo(new String(noise(100_000), StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> RemoteTreeTest.read(damaged(made, 70_000).tree(), "file"))
                .hasFieldOrPropertyWithValue("code", "oci.digest-mismatch");
    }

    @Test
    void verifiesAChunkTooLargeToHold() throws IOException {
        byte[] content = noise(ChunkStream.MAX_HELD + 1000);
        LazyLayer.Made made = new LazyLayer(Format.CHUNKED)
                .chunks(content.length)
                .file("file", content)
                .make();

        assertThat(RemoteTreeTest.read(new FakePlace().with(made).tree(), "file"))
                .isEqualTo(new String(content, StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> RemoteTreeTest.read(damaged(made, 5_000_000).tree(), "file"))
                .hasFieldOrPropertyWithValue("code", "oci.digest-mismatch");
    }

    @Test
    void refusesAFileWithoutAnyDigest() {
        LazyLayer layer = new LazyLayer(Format.STARGZ)
                .withoutChunkDigests()
                .changed(rows -> rows.forEach(row -> row.remove("digest")))
                .file("file", "text");

        assertThatThrownBy(() -> new FakePlace().with(layer).tree().read(TreePath.parse("file")))
                .hasFieldOrPropertyWithValue("code", "oci.invalid-toc");
    }

    @Test
    void readsNothingForZeros() throws IOException {
        byte[] content = new byte[300_000];
        Arrays.fill(content, 0, 100_000, (byte) 'a');
        Arrays.fill(content, 200_000, 300_000, (byte) 'b');
        LazyLayer layer =
                new LazyLayer(Format.CHUNKED).withZeroChunks().chunks(100_000).file("file", content);

        assertThat(RemoteTreeTest.read(new FakePlace().with(layer).tree(), "file"))
                .isEqualTo(new String(content, StandardCharsets.ISO_8859_1));
    }

    @Test
    void verifiesALayerThatItStreams() {
        LazyLayer.Made made = new LazyLayer(Format.PLAIN)
                .file("file", noise(5000))
                .file("end", "e")
                .make();

        assertThatThrownBy(() -> RemoteTreeTest.read(damaged(made, 2000).tree(), "end"))
                .hasFieldOrPropertyWithValue("code", "oci.digest-mismatch");
    }

    @Test
    void readsTheTableOfALayerWhoseManifestDoesNotSayWhereItIs() throws IOException {
        for (Format format : new Format[] {Format.CHUNKED, Format.OLD_CHUNKED}) {
            LazyLayer.Made made = new LazyLayer(format).file("file", "text").make();
            var annotations = new java.util.HashMap<>(made.descriptor().annotations());
            annotations.keySet().removeIf(key -> key.endsWith("position"));
            FakePlace place = new FakePlace().with(made.descriptor().withAnnotations(annotations), made.blob());
            RemoteTree tree = place.tree();

            assertThat(RemoteTreeTest.read(tree, "file")).isEqualTo("text");
            assertThat(tree.report().indexed()).hasSize(1);
            assertThat(place.asked).hasSize(3);
            assertThat(place.asked.getFirst().length()).isEqualTo(72);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"STARGZ", "CHUNKED"})
    void noticesADamagedTable(Format format) {
        LazyLayer.Made layer = new LazyLayer(format).file("file", "text").make();
        int at = offsetOfTable(layer) + 30;

        assertThatThrownBy(() -> damaged(layer, at).tree().stat(TreePath.parse("file")))
                .extracting("code")
                .isIn("oci.digest-mismatch", "oci.invalid-gzip", "oci.invalid-tar", "oci.invalid-toc");
    }
}
