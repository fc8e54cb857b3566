package dev.slipway.oci.lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.ByteSize;
import dev.slipway.oci.tree.TreePath;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tables of contents that lie, although the manifest vouches for them. */
class HostileTableTest {
    private static RemoteTree tree(Consumer<List<Map<String, Object>>> change) {
        return new FakePlace()
                .with(new LazyLayer(Format.STARGZ)
                        .chunks(4)
                        .changed(change)
                        .dir("dir")
                        .file("dir/file", "0123456789")
                        .link("link", "dir/file")
                        .hard("hard", "dir/file"))
                .tree();
    }

    private static void refused(String code, Consumer<Map<String, Object>> change) {
        RemoteTree tree = tree(rows -> change.accept(rows.get(1)));
        assertThatThrownBy(() -> {
                    try (InputStream in = tree.read(TreePath.parse("dir/file"))) {
                        in.readAllBytes();
                    }
                })
                .extracting("code")
                .isIn((Object[]) code.split("\\|"));
    }

    @Test
    void refusesPlacesOutsideOfTheLayer() {
        for (long offset : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40}) {
            refused("oci.invalid-toc", row -> row.put("offset", offset));
            refused(
                    "oci.invalid-toc|oci.image-too-large",
                    row -> row.put("innerOffset", offset == 1L << 40 ? -1 : offset));
        }
    }

    @Test
    void refusesChunksThatDoNotFitTheFile() {
        refused("oci.invalid-toc", row -> row.put("chunkSize", 3));
        refused("oci.invalid-toc", row -> row.put("chunkSize", -4));
        refused("oci.invalid-toc", row -> row.put("chunkSize", Long.MAX_VALUE));
        refused("oci.invalid-toc", row -> row.put("chunkOffset", 1));
        refused("oci.invalid-toc", row -> row.put("size", 8));
        refused("oci.invalid-toc", row -> row.put("size", -1));
        refused("oci.invalid-toc", row -> row.put("size", 11));
        refused("oci.image-too-large", row -> row.put("size", Long.MAX_VALUE));
        refused("oci.invalid-toc", row -> row.put("innerOffset", 1L << 30));
        refused("base.invalid-digest", row -> row.put("chunkDigest", "sha256:short"));
    }

    @Test
    void refusesRowsOfTheWrongKind() {
        refused("oci.invalid-toc", row -> row.put("type", "door"));
        refused("oci.invalid-toc", row -> row.put("type", "dir"));
        refused("oci.invalid-toc", row -> row.put("uid", 1L << 32));
        refused("oci.invalid-toc", row -> row.put("modtime", "yesterday"));
        refused("oci.invalid-toc", row -> row.put("xattrs", Map.of("user.x", "%")));
        refused("oci.invalid-document", row -> row.put("name", 7));
        refused("oci.invalid-document", row -> row.put("size", "10"));
        refused("oci.invalid-document", row -> row.put("size", 1.5));
    }

    @Test
    void refusesNamesThatLeadOutOfTheImage() {
        for (String name : List.of("../file", "dir/../../file", "/..")) {
            refused("oci.unsafe-path", row -> row.put("name", name));
        }
    }

    @Test
    void refusesLinksThatLeadNowhere() {
        RemoteTree cycle = tree(rows -> rows.getLast().put("linkName", "hard"));
        assertThatThrownBy(() -> cycle.read(TreePath.parse("hard")))
                .hasFieldOrPropertyWithValue("code", "oci.no-such-file");
        RemoteTree upwards = tree(rows -> rows.getLast().put("linkName", "../../etc/passwd"));
        assertThatThrownBy(() -> upwards.read(TreePath.parse("hard")))
                .hasFieldOrPropertyWithValue("code", "oci.unsafe-path");
        RemoteTree dangling = tree(rows -> rows.getLast().put("linkName", "gone"));
        assertThat(dangling.stat(TreePath.parse("hard"))).isEmpty();
        RemoteTree endless = tree(rows -> rows.get(rows.size() - 2).put("linkName", "link/link/link"));
        assertThatThrownBy(() -> endless.read(TreePath.parse("link/x")))
                .hasFieldOrPropertyWithValue("code", "oci.invalid-layer");
    }

    @Test
    void refusesMoreThanItsLimits() {
        LazyLimits small = new LazyLimits(new ByteSize(2000), 3, new ByteSize(9), new ByteSize(5000));
        for (LazyLayer layer : List.of(
                new LazyLayer(Format.STARGZ)
                        .file("a", "a")
                        .file("b", "b")
                        .file("c", "c")
                        .file("file", "d"),
                new LazyLayer(Format.GZIP)
                        .file("a", "a")
                        .file("b", "b")
                        .file("c", "c")
                        .file("file", "d"),
                new LazyLayer(Format.STARGZ).file("file", "0123456789"),
                new LazyLayer(Format.STARGZ)
                        .dir("x".repeat(250) + "/" + "y".repeat(2000))
                        .file("file", "1"),
                new LazyLayer(Format.CHUNKED).link("x", "y".repeat(2000)).file("file", "1"),
                new LazyLayer(Format.ZSTD).file("file", new byte[100_000]))) {
            assertThatThrownBy(() -> new FakePlace().with(layer).tree(small).read(TreePath.parse("file")))
                    .hasFieldOrPropertyWithValue("code", "oci.image-too-large");
        }
    }

    @Test
    void refusesFootersThatPointElsewhere() {
        LazyLayer.Made made = new LazyLayer(Format.STARGZ).file("file", "text").make();
        for (String offset : List.of("ffffffffffffffff", "7fffffffffffffff", "0000000000010000", "0000000000000000")) {
            byte[] bytes = made.blob().clone();
            byte[] digits = offset.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            System.arraycopy(digits, 0, bytes, bytes.length - 51 + 16, 16);
            RemoteTree tree = new FakePlace().with(made.descriptor(), bytes).tree();
            assertThatThrownBy(() -> tree.stat(TreePath.parse("file")))
                    .as(offset)
                    .extracting("code")
                    .isIn("oci.invalid-toc", "oci.invalid-gzip");
        }
        LazyLayer.Made chunked =
                new LazyLayer(Format.CHUNKED).file("file", "text").make();
        String key = "io.github.containers.zstd-chunked.manifest-position";
        for (String position : List.of(
                "",
                "1:2:3",
                "-1:5:5:1",
                "0:999999:5:1",
                "9223372036854775807:1:1:1",
                "0:0:5:1",
                "0:5:5:2",
                "10:5:999999999999:1",
                "10:5:5:1")) {
            var annotations = new java.util.HashMap<>(chunked.descriptor().annotations());
            annotations.put(key, position);
            RemoteTree tree = new FakePlace()
                    .with(chunked.descriptor().withAnnotations(annotations), chunked.blob())
                    .tree();
            assertThatThrownBy(() -> tree.stat(TreePath.parse("file")))
                    .as(position)
                    .extracting("code")
                    .isIn("oci.invalid-toc", "oci.digest-mismatch", "oci.image-too-large");
        }
    }
}
