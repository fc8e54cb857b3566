package dev.slipway.oci.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import dev.slipway.oci.tree.TreeSink;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes down what it receives, and checks that it comes as the contract says. */
final class RecordingSink implements TreeSink {
    final Map<TreePath, TreeEntry> entries = new LinkedHashMap<>();
    private final Map<TreePath, String> lines = new LinkedHashMap<>();
    private boolean finished;

    @Override
    public void add(TreeEntry entry, InputStream content) throws IOException {
        assertThat(finished).isFalse();
        assertThat(entries).as("once").doesNotContainKey(entry.path());
        if (!entry.path().isRoot()) {
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
        assertThat(bytes).hasSize((int) file.size());
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void reset() {
        entries.clear();
        lines.clear();
    }

    @Override
    public void finish() {
        finished = true;
    }

    /** One line for each entry but the root, sorted. */
    List<String> lines() {
        assertThat(finished).isTrue();
        assertThat(entries.keySet().iterator().next()).isEqualTo(TreePath.ROOT);
        List<String> sorted = new ArrayList<>(lines.values());
        sorted.remove("/");
        sorted.sort(String::compareTo);
        return sorted;
    }
}
