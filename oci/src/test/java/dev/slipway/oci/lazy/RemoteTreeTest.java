package dev.slipway.oci.lazy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.base.Digest;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RemoteTreeTest {
    private static final byte[] LARGE = noise(3_000_000);

    private static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(4711).nextBytes(bytes);
        return bytes;
    }

    static String read(RemoteTree tree, String path) throws IOException {
        try (InputStream in = tree.read(TreePath.parse(path))) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static LazyLayer large(Format format) {
        return new LazyLayer(format)
                .dir("lib")
                .file("lib/before", LARGE)
                .file("lib/small", "small")
                .file("lib/chunked", noise(300_000))
                .file("lib/after", LARGE);
    }

    @ParameterizedTest
    @EnumSource(names = {"STARGZ", "LEGACY_STARGZ", "CHUNKED", "OLD_CHUNKED"})
    void readsNothingButTheTableAndTheFile(Format format) throws IOException {
        FakePlace place = new FakePlace().with(large(format).chunks(70_000));
        RemoteTree tree = place.tree();
        assertThat(place.asked).isEmpty();

        assertThat(read(tree, "/lib/small")).isEqualTo("small");

        long all = place.layers().getFirst().size();
        // For zstd the manifest says where the table is.
        assertThat(place.asked).hasSize(format.zstd() ? 2 : 3);
        assertThat(place.asked.getLast().offset()).isBetween(3_000_000L, 3_200_000L);
        assertThat(place.asked.getLast().length()).isLessThan(1200);
        assertThat(place.asked.getFirst().offset()).isGreaterThan(6_300_000);
        long requested = place.asked.stream().mapToLong(FakePlace.Asked::length).sum();
        assertThat(requested).isLessThan(all / 200);
        assertThat(tree.report().requests()).isEqualTo(place.asked.size());
        assertThat(tree.report().bytes()).isLessThanOrEqualTo(requested).isPositive();
        assertThat(tree.report().indexed())
                .containsExactly(place.layers().getFirst().digest());
        assertThat(tree.report().streamed()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"STARGZ", "LEGACY_STARGZ", "CHUNKED", "OLD_CHUNKED"})
    void readsAFileOfManyChunksWithOneRequest(Format format) throws IOException {
        FakePlace place = new FakePlace().with(large(format).chunks(70_000));
        RemoteTree tree = place.tree();
        tree.stat(TreePath.parse("lib"));
        int before = place.asked.size();

        assertThat(read(tree, "lib/chunked").getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo(noise(300_000));

        assertThat(place.asked).hasSize(before + 1);
    }

    @ParameterizedTest
    @EnumSource
    void meansTheSameInEveryFormat(Format format) throws IOException {
        FakePlace place = new FakePlace()
                .with(new LazyLayer(format)
                        .dir("usr")
                        .dir("usr/lib")
                        .file("usr/lib/a", "a")
                        .file("usr/lib/hidden", "h")
                        .link("lib", "usr/lib")
                        .dir("opaque")
                        .file("opaque/old", "old")
                        .file("replaced", "1")
                        .hard("kept", "replaced")
                        .device("null")
                        .file("empty", ""))
                .with(new LazyLayer(format)
                        .dir("usr")
                        .dir("usr/lib")
                        .file("usr/lib/.wh.hidden", "")
                        .file("usr/lib/.wh.nothing", "")
                        .file("usr/lib/b", "b")
                        .file("lib/c", "c")
                        .dir("opaque")
                        .file("opaque/.wh..wh..opq", "")
                        .file("opaque/new", "new")
                        .file("replaced", "2")
                        .hard("lower", "usr/lib/a"));
        RemoteTree tree = place.tree();

        assertThat(read(tree, "/lib/a")).isEqualTo("a");
        assertThat(read(tree, "/usr/lib/c")).isEqualTo("c");
        assertThat(read(tree, "lib/c")).isEqualTo("c");
        assertThat(read(tree, "replaced")).isEqualTo("2");
        assertThat(read(tree, "kept")).isEqualTo("1");
        assertThat(read(tree, "lower")).isEqualTo("a");
        assertThat(read(tree, "empty")).isEmpty();
        assertThat(read(tree, "opaque/new")).isEqualTo("new");
        assertThat(tree.stat(TreePath.parse("opaque/old"))).isEmpty();
        assertThat(tree.stat(TreePath.parse("usr/lib/hidden"))).isEmpty();
        assertThat(tree.stat(TreePath.parse("lib/b/c"))).isEmpty();
        assertThat(names(tree, "lib")).containsExactly("a", "b", "c");
        assertThat(names(tree, "/")).contains("empty", "kept", "lib", "lower", "null", "opaque", "replaced", "usr");
        assertThat(tree.stat(TreePath.parse("lib"))).get().isInstanceOf(TreeEntry.SymbolicLink.class);
        assertThat(tree.stat(TreePath.parse("null"))).get().isInstanceOfSatisfying(TreeEntry.Device.class, device -> {
            assertThat(device.block()).isFalse();
            assertThat(device.major()).isEqualTo(1);
            assertThat(device.minor()).isEqualTo(3);
        });
        assertThat(tree.stat(TreePath.parse("lower")))
                .get()
                .isInstanceOfSatisfying(TreeEntry.RegularFile.class, file -> {
                    assertThat(file.size()).isEqualTo(1);
                    assertThat(file.attributes().mode()).isEqualTo(04644);
                    assertThat(file.attributes().uid()).isEqualTo(7);
                    assertThat(file.attributes().gid()).isEqualTo(8);
                    assertThat(file.attributes().modified()).isEqualTo(LazyLayer.TIME);
                    assertThat(file.attributes().xattrs().get("user.x")).containsExactly(1, 0, -1);
                });
        assertThat(tree.report().streamed()).hasSize(format.indexed() ? 0 : 2);
    }

    private static List<String> names(RemoteTree tree, String path) {
        return tree.list(TreePath.parse(path)).stream()
                .map(entry -> entry.path().name())
                .toList();
    }

    @Test
    void leavesLowerLayersAloneWhenAnUpperOneAnswers() throws IOException {
        FakePlace place = new FakePlace()
                .with(large(Format.GZIP))
                .with(new LazyLayer(Format.CHUNKED).dir("etc").file("etc/name", "n"));
        RemoteTree tree = place.tree();

        assertThat(read(tree, "etc/name")).isEqualTo("n");
        assertThat(place.asked).extracting(FakePlace.Asked::layer).containsOnly(1);

        assertThat(read(tree, "lib/small")).isEqualTo("small");
        Digest lower = place.layers().getFirst().digest();
        assertThat(tree.report().streamed()).containsExactly(lower);
        assertThat(place.asked).filteredOn(asked -> asked.layer() == 0).hasSize(1);
    }

    @Test
    void readsAStreamedLayerAgainForAFileThatNobodyExpected() throws IOException {
        FakePlace place = new FakePlace().with(large(Format.GZIP).link("alias", "lib/chunked"));
        RemoteTree tree = place.tree();

        assertThat(read(tree, "alias")).hasSize(300_000);
        assertThat(place.asked).hasSize(2);
    }

    @Test
    void readsFromTheBeginningWhereRangesAreIgnored() throws IOException {
        FakePlace place = new FakePlace().with(large(Format.STARGZ));
        place.ignoresRanges = true;
        RemoteTree tree = place.tree();

        assertThat(read(tree, "lib/small")).isEqualTo("small");
        assertThat(tree.report().streamed()).hasSize(1);
        assertThat(tree.report().indexed()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"STARGZ", "CHUNKED", "GZIP"})
    void asksAgainWhenTheConnectionBreaks(Format format) throws IOException {
        FakePlace place = new FakePlace().with(large(format).chunks(70_000));
        RemoteTree tree = place.tree();

        place.breaks = 1;
        tree.stat(TreePath.parse("lib"));
        place.breaks = format.indexed() ? 2 : 0;
        assertThat(read(tree, "lib/chunked").getBytes(StandardCharsets.ISO_8859_1))
                .isEqualTo(noise(300_000));
    }

    @Test
    void followsLinksInsideTheImageOnly() throws IOException {
        FakePlace place = new FakePlace()
                .with(new LazyLayer(Format.STARGZ)
                        .dir("etc")
                        .file("etc/passwd", "image")
                        .dir("a")
                        .dir("a/b")
                        .link("a/b/up", "../../../../etc/passwd")
                        .link("a/b/absolute", "/../etc/passwd")
                        .link("through", "a/b/../b/up")
                        .link("loop", "loop2")
                        .link("loop2", "loop")
                        .link("nowhere", "missing/../etc/passwd")
                        .link("folder", "a/b"));
        RemoteTree tree = place.tree();

        for (String path : List.of("a/b/up", "a/b/absolute", "through", "folder/up")) {
            assertThat(read(tree, path)).as(path).isEqualTo("image");
        }
        assertThatThrownBy(() -> read(tree, "loop")).hasFieldOrPropertyWithValue("code", "oci.invalid-layer");
        assertThatThrownBy(() -> read(tree, "nowhere")).hasFieldOrPropertyWithValue("code", "oci.no-such-file");
        assertThatThrownBy(() -> read(tree, "etc/passwd/x")).hasFieldOrPropertyWithValue("code", "oci.no-such-file");
        assertThatThrownBy(() -> read(tree, "etc")).hasFieldOrPropertyWithValue("code", "oci.wrong-file-type");
        assertThatThrownBy(() -> tree.list(TreePath.parse("etc/passwd")))
                .hasFieldOrPropertyWithValue("code", "oci.wrong-file-type");
    }
}
