package dev.slipway.oci.layer;

import dev.slipway.oci.layer.TreeNode.Directory;
import dev.slipway.oci.layer.TreeNode.Leaf;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import dev.slipway.oci.tree.TreeSink;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What survives of all layers, in the order in which a sink receives it. */
final class ResolvedTree {
    private final List<TreeEntry> names = new ArrayList<>();
    private final List<Map<Integer, File>> files = new ArrayList<>();
    private final List<TreeEntry> hardLinks = new ArrayList<>();
    private final Map<Leaf, TreePath> delivered = new HashMap<>();

    /** A file and the header that its content follows. */
    record File(TreeEntry.RegularFile entry, TarHeader header) {
        boolean isContentOf(TarHeader other) {
            return header.name().equals(other.name()) && header.size() == other.size() && other.type() == TarType.FILE;
        }
    }

    private ResolvedTree() {}

    static ResolvedTree of(Directory root, int layers) {
        ResolvedTree tree = new ResolvedTree();
        for (int i = 0; i < layers; i++) {
            tree.files.add(new HashMap<>());
        }
        tree.collect(TreePath.ROOT, root);
        return tree;
    }

    private void collect(TreePath path, Directory directory) {
        names.add(new TreeEntry.Directory(path, LayerEntries.portable(directory.attributes)));
        directory.children.forEach((name, child) -> {
            switch (child) {
                case Directory below -> collect(path.child(name), below);
                case Leaf leaf -> collect(path.child(name), leaf);
            }
        });
    }

    private void collect(TreePath path, Leaf leaf) {
        Attributes attributes = LayerEntries.portable(leaf.header().attributes());
        TreePath first = delivered.putIfAbsent(leaf, path);
        if (first != null) {
            hardLinks.add(new TreeEntry.HardLink(path, attributes, first));
            return;
        }
        TreeEntry entry = LayerEntries.leaf(path, attributes, leaf.header());
        if (entry instanceof TreeEntry.RegularFile file) {
            files.get(leaf.layer()).put(leaf.ordinal(), new File(file, leaf.header()));
        } else {
            names.add(entry);
        }
    }

    /** Delivers all directories, and what has no content, parents first. */
    void deliverNames(TreeSink sink) throws IOException {
        deliver(names, sink);
    }

    /** The files whose content one layer holds, by the place of their header in it. */
    Map<Integer, File> files(int layer) {
        return files.get(layer);
    }

    void deliverHardLinks(TreeSink sink) throws IOException {
        deliver(hardLinks, sink);
    }

    private static void deliver(List<TreeEntry> entries, TreeSink sink) throws IOException {
        for (TreeEntry entry : entries) {
            sink.add(entry, InputStream.nullInputStream());
        }
    }
}
