package dev.slipway.oci.lazy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.content.MemoryContentStore;
import dev.slipway.oci.layer.FlattenLimits;
import dev.slipway.oci.layer.Flattener;
import dev.slipway.oci.layer.LayerSource;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import dev.slipway.oci.tree.TreeSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Random layers read file by file give the same tree as the whole image flattened. */
class FlattenedComparisonTest {
    private static final int ROUNDS = 4000;
    private static final List<String> NAMES = List.of("a", "b", "c");

    @Test
    void readsTheTreeThatFlatteningGives() throws IOException {
        long seed = Long.getLong("slipway.test.seed", 20261120);
        System.out.println("FlattenedComparisonTest: -Dslipway.test.seed=" + seed);
        int compared = 0;
        for (int round = 0; round < ROUNDS; round++) {
            Random random = new Random(seed + round);
            Format[] formats = Format.values();
            List<LazyLayer.Made> layers = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                layers.add(layer(random, formats[random.nextInt(formats.length)]));
            }
            SortedMap<String, String> expected;
            try {
                expected = flattened(layers);
            } catch (OciException _) {
                // Flattening refuses an image as a whole; of one that is read by files other files may be good.
                continue;
            }
            FakePlace place = new FakePlace();
            layers.forEach(place::with);
            assertThat(walked(place.tree())).as("seed %d", seed + round).isEqualTo(expected);
            compared++;
        }
        assertThat(compared).isGreaterThan(ROUNDS / 4);
    }

    private static LazyLayer.Made layer(Random random, Format format) {
        LazyLayer layer = new LazyLayer(format).chunks(5);
        for (int i = random.nextInt(7); i > 0; i--) {
            String path = path(random);
            String above = path.contains("/") ? path.substring(0, path.lastIndexOf('/') + 1) : "";
            switch (random.nextInt(12)) {
                case 0, 1, 2 -> layer.dir(path);
                case 3, 4, 5 -> layer.file(path, "content " + random.nextInt(100));
                case 6 -> layer.link(path, path(random));
                case 7 -> layer.link(path, (random.nextBoolean() ? "/" : "../") + path(random));
                case 8 -> layer.hard(path, path(random));
                case 9, 10 -> layer.file(above + ".wh." + NAMES.get(random.nextInt(3)), "");
                default -> layer.file(above + ".wh..wh..opq", "");
            }
        }
        return layer.make();
    }

    private static String path(Random random) {
        StringBuilder path = new StringBuilder(NAMES.get(random.nextInt(3)));
        while (random.nextInt(5) < 2) {
            path.append('/').append(NAMES.get(random.nextInt(3)));
        }
        return path.toString();
    }

    private static SortedMap<String, String> flattened(List<LazyLayer.Made> layers) {
        MemoryContentStore store = new MemoryContentStore();
        List<Descriptor> descriptors = new ArrayList<>();
        List<Digest> diffIds = new ArrayList<>();
        for (LazyLayer.Made layer : layers) {
            // What is read lazily is not in the tar for all formats: a table of contents is an entry of its own.
            Descriptor plain = Descriptor.of(MediaTypes.LAYER_TAR, layer.tar());
            store.put(plain.digest(), layer.tar());
            descriptors.add(plain);
            diffIds.add(plain.digest());
        }
        Collected sink = new Collected();
        new Flattener(FlattenLimits.defaults())
                .flatten(
                        descriptors, diffIds, LayerSource.of(store), sink, ProgressListener.NONE, Cancellation.never());
        return sink.lines;
    }

    private static SortedMap<String, String> walked(RemoteTree tree) throws IOException {
        SortedMap<String, String> lines = new TreeMap<>();
        List<TreeEntry> ahead = new ArrayList<>(tree.list(TreePath.ROOT));
        while (!ahead.isEmpty()) {
            TreeEntry entry = ahead.removeLast();
            String content = "";
            if (entry instanceof TreeEntry.RegularFile) {
                try (InputStream in = tree.read(entry.path())) {
                    content = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                }
            }
            lines.put(entry.path().bytes(), line(entry, content));
            if (entry instanceof TreeEntry.Directory) {
                ahead.addAll(tree.list(entry.path()));
            }
            assertThat(tree.stat(entry.path())).contains(entry);
        }
        return lines;
    }

    private static String line(TreeEntry entry, String content) {
        Attributes attributes = entry.attributes();
        return switch (entry) {
                    case TreeEntry.Directory _ -> "directory";
                    case TreeEntry.RegularFile _ -> "file " + content;
                    case TreeEntry.SymbolicLink link -> "link " + link.target();
                    case TreeEntry.Device _, TreeEntry.Fifo _, TreeEntry.HardLink _ -> throw new AssertionError(entry);
                }
                + " " + attributes.mode() + " " + attributes.uid() + " " + attributes.modified();
    }

    /** Hard links are collected as what they are names of. */
    private static final class Collected implements TreeSink {
        private final SortedMap<String, String> lines = new TreeMap<>();

        @Override
        public void add(TreeEntry entry, InputStream content) throws IOException {
            if (entry instanceof TreeEntry.HardLink link) {
                lines.put(link.path().bytes(), lines.getOrDefault(link.target().bytes(), "?"));
            } else if (!entry.path().isRoot()) {
                lines.put(
                        entry.path().bytes(),
                        line(entry, new String(content.readAllBytes(), StandardCharsets.ISO_8859_1)));
            }
        }

        @Override
        public void reset() {
            lines.clear();
        }

        @Override
        public void finish() {}
    }
}
