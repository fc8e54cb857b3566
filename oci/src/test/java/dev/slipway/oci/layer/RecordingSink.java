package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import dev.slipway.oci.tree.TreeSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes down what it receives, and checks that it comes as the contract says. */
final class RecordingSink implements TreeSink {
    final Map<TreePath, TreeEntry> entries = new LinkedHashMap<>();
    private final Map<TreePath, String> lines = new LinkedHashMap<>();
    private final boolean resettable;
    private boolean finished;
    private int resets;

    /** Takes a tree as it streams. */
    RecordingSink() {
        this(true);
    }

    /** Takes a tree; one that cannot forget gets it in order, from the root. */
    RecordingSink(boolean resettable) {
        this.resettable = resettable;
    }

    /** How often it had to forget. */
    int resets() {
        return resets;
    }

    @Override
    public boolean resettable() {
        return resettable;
    }

    @Override
    public void add(TreeEntry entry, InputStream content) throws IOException {
        assertThat(finished).isFalse();
        assertThat(entries).as("once").doesNotContainKey(entry.path());
        if (!resettable) {
            assertThat(entries.isEmpty())
                    .as("root first")
                    .isEqualTo(entry.path().isRoot());
        }
        if (!entry.path().parent().isRoot()) {
            assertThat(entries.get(entry.path().parent()))
                    .as("parent of %s", entry.path())
                    .isInstanceOf(TreeEntry.Directory.class);
        }
        entries.put(entry.path(), entry);
        String path = entry.path().bytes();
        lines.put(
                entry.path(),
                switch (entry) {
                    case TreeEntry.Directory _ -> path + "/";
                    case TreeEntry.RegularFile file -> path + "=" + text(file, content);
                    case TreeEntry.SymbolicLink link -> path + " -> " + link.target();
                    case TreeEntry.Device device ->
                        path + (device.block() ? " b" : " c") + device.major() + "," + device.minor();
                    case TreeEntry.Fifo _ -> path + " fifo";
                    case TreeEntry.HardLink link -> {
                        assertThat(entries).as("target of %s", path).containsKey(link.target());
                        yield path + " => " + link.target().bytes();
                    }
                });
    }

    private static String text(TreeEntry.RegularFile file, InputStream content) throws IOException {
        byte[] bytes = content.readAllBytes();
        assertThat(bytes).hasSize((int) file.contentSize());
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void reset() {
        assertThat(resettable).isTrue();
        resets++;
        entries.clear();
        lines.clear();
    }

    @Override
    public void finish() {
        assertThat(entries).containsKey(TreePath.ROOT);
        finished = true;
    }

    /**
     * All that the tree is, whatever the order in which it came: a line for each name, names of one file with its least
     * name.
     */
    List<String> tree() {
        Map<TreePath, TreePath> least = new HashMap<>();
        entries.values().forEach(entry -> {
            TreePath first = entry instanceof TreeEntry.HardLink link ? link.target() : entry.path();
            least.merge(first, entry.path(), (a, b) -> a.bytes().compareTo(b.bytes()) <= 0 ? a : b);
        });
        List<String> tree = new ArrayList<>();
        entries.forEach((path, entry) -> {
            TreePath first = entry instanceof TreeEntry.HardLink link ? link.target() : path;
            String what = lines.get(first).substring(first.bytes().length());
            tree.add(path.bytes() + what + " " + attributes(entries.get(first)) + " same as " + least.get(first));
        });
        tree.sort(String::compareTo);
        return tree;
    }

    private static String attributes(TreeEntry entry) {
        Attributes attributes = entry.attributes();
        Map<String, String> xattrs = new TreeMap<>();
        attributes
                .xattrs()
                .forEach((name, value) -> xattrs.put(name, HexFormat.of().formatHex(value)));
        String extents = entry instanceof TreeEntry.RegularFile file ? file.size() + "" + file.extents() : "";
        return Integer.toOctalString(attributes.mode()) + " " + attributes.uid() + ":" + attributes.gid() + " "
                + attributes.modified() + " " + xattrs + extents;
    }

    /** One line for each entry but the root, sorted. */
    List<String> lines() {
        assertThat(finished).isTrue();
        List<String> sorted = new ArrayList<>(lines.values());
        sorted.remove("/");
        sorted.sort(String::compareTo);
        return sorted;
    }
}
