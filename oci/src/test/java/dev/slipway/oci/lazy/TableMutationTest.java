package dev.slipway.oci.lazy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.ByteSize;
import dev.slipway.base.CodedException;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Damaged layers end in an error with a code or in right bytes, soon, whether the damage is in what the manifest vouches for or in what
 * it does not.
 */
@Timeout(120)
class TableMutationTest {
    private static final long SEED = Long.getLong("slipway.test.seed", 20261120);
    private static final LazyLimits LIMITS =
            new LazyLimits(ByteSize.ofMebibytes(1), 1000, ByteSize.ofMebibytes(4), ByteSize.ofMebibytes(4));
    private static final List<Object> ODD = List.of(
            -1,
            0,
            1,
            7,
            511,
            1L << 31,
            1L << 62,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            "",
            "..",
            "/",
            "a",
            "chunk",
            "reg",
            "dir",
            "hardlink",
            "symlink",
            "zeros",
            "sha256:",
            true,
            1.5,
            List.of(),
            Map.of("a", 1));
    private static final List<String> KEYS = List.of(
            "name",
            "type",
            "size",
            "linkName",
            "mode",
            "uid",
            "modtime",
            "offset",
            "endOffset",
            "innerOffset",
            "chunkOffset",
            "chunkSize",
            "chunkDigest",
            "chunkType",
            "digest",
            "xattrs",
            "devMajor");

    private static LazyLayer layer(Format format) {
        return new LazyLayer(format)
                .chunks(50)
                .dir("a")
                .file("a/b", "0123456789".repeat(20))
                .link("l", "a/b")
                .hard("h", "a/b")
                .file("a/.wh.c", "")
                .file("d", "d")
                .device("n");
    }

    @Test
    void survivesTablesThatTheManifestVouchesFor() throws Exception {
        System.out.println("TableMutationTest: -Dslipway.test.seed=" + SEED);
        Format[] formats = {Format.STARGZ, Format.CHUNKED};
        for (int round = 0; round < 3000; round++) {
            Random random = new Random(SEED + round);
            LazyLayer layer = layer(formats[round % 2]).changed(rows -> change(rows, random));
            readAll(new FakePlace().with(layer).tree(LIMITS), round);
        }
        assertThat(refused).isBetween(300, 2900);
    }

    private static void change(List<Map<String, Object>> rows, Random random) {
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            int at = random.nextInt(rows.size());
            switch (random.nextInt(8)) {
                case 0 -> rows.remove(at);
                case 1 -> rows.add(random.nextInt(rows.size()), rows.get(at));
                case 2 -> rows.get(at).remove(KEYS.get(random.nextInt(KEYS.size())));
                default -> rows.get(at).put(KEYS.get(random.nextInt(KEYS.size())), ODD.get(random.nextInt(ODD.size())));
            }
            if (rows.isEmpty()) {
                return;
            }
        }
    }

    @Test
    void survivesDamagedBytes() throws Exception {
        Format[] formats = Format.values();
        List<LazyLayer.Made> made = new ArrayList<>();
        for (Format format : formats) {
            made.add(layer(format).make());
        }
        for (int round = 0; round < 3000; round++) {
            Random random = new Random(SEED + round);
            LazyLayer.Made layer = made.get(round % formats.length);
            byte[] bytes = layer.blob().clone();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                // The end, where the footer is, more often than the rest.
                int back = random.nextBoolean()
                        ? random.nextInt(Math.min(80, bytes.length))
                        : random.nextInt(bytes.length);
                bytes[bytes.length - 1 - back] = (byte) random.nextInt(256);
            }
            readAll(new FakePlace().with(layer.descriptor(), bytes).tree(LIMITS), round);
        }
        assertThat(refused).isGreaterThan(1000);
    }

    private int refused;

    private void readAll(RemoteTree tree, int round) throws Exception {
        long begin = System.nanoTime();
        try {
            List<TreeEntry> ahead = new ArrayList<>(tree.list(TreePath.ROOT));
            while (!ahead.isEmpty()) {
                TreeEntry entry = ahead.removeLast();
                assertThat(entry.path().components()).doesNotContain("..", ".", "");
                if (entry instanceof TreeEntry.RegularFile) {
                    read(tree, entry.path());
                } else if (entry instanceof TreeEntry.Directory) {
                    ahead.addAll(tree.list(entry.path()));
                }
            }
        } catch (CodedException e) {
            refused++;
            assertThat(e.code()).as("seed %d", SEED + round).isNotEqualTo("base.io");
        }
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("seed %d", SEED + round)
                .isLessThan(Duration.ofSeconds(10));
    }

    private void read(RemoteTree tree, TreePath path) throws Exception {
        try (InputStream in = tree.read(path)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (CodedException e) {
            refused++;
            assertThat(e.code()).isNotEqualTo("base.io");
        }
    }
}
