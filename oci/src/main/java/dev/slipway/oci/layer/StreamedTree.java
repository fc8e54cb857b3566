package dev.slipway.oci.layer;

import dev.slipway.oci.layer.LayerName.Opaque;
import dev.slipway.oci.layer.LayerName.Reserved;
import dev.slipway.oci.layer.LayerName.Whiteout;
import dev.slipway.oci.layer.PathNode.Seen;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides while layers are being read, the highest first, what a tree holds.
 *
 * <p>That works where a layer says all there is to know: every directory on the way to an entry stands before it in the same
 * layer, or there is no lower layer, no name comes twice, and a hard link's target is a delivered file of the same layer.
 * Then no lower layer can make a name lead elsewhere, for a directory that a layer names is one whatever was there before.
 * Almost all images are so. Of anything else this says that it cannot decide, and {@link TreeResolver} does.
 */
final class StreamedTree {
    private final PathNode root = new PathNode();
    private final List<TreeEntry> due = new ArrayList<>();
    private int layer;
    private boolean rootDelivered;
    private String lastParent = "";
    private PathNode lastParentNode = root;

    /** Begins a layer below those before. */
    void begin(int number) {
        layer = number;
        lastParent = "";
        lastParentNode = root;
    }

    /**
     * Takes the next header of the layer.
     *
     * @return false when it cannot be decided from this and the higher layers
     */
    boolean accept(TarHeader header) {
        due.clear();
        return switch (LayerName.parse(header.name())) {
            case Reserved _ -> true;
            case Whiteout whiteout -> hide(whiteout.removed());
            case Opaque opaque -> hideChildren(opaque.directory());
            case LayerName.Entry entry -> add(entry.path(), header);
        };
    }

    /** What is to be delivered now; the header's own entry, if it survives, is the last. */
    List<TreeEntry> due() {
        return due;
    }

    /** What is to be delivered when all layers have been read. */
    List<TreeEntry> dueAtEnd() {
        return rootDelivered ? List.of() : List.of(new TreeEntry.Directory(TreePath.ROOT, LayerEntries.IMPLIED));
    }

    private boolean lowest() {
        return layer == 0;
    }

    private boolean hide(TreePath removed) {
        if (lowest()) {
            return true;
        }
        @Nullable PathNode parent = seenDirectory(removed.parent());
        if (parent == null) {
            return false;
        }
        parent.child(removed.name()).hide(layer);
        return true;
    }

    private boolean hideChildren(TreePath directory) {
        if (lowest()) {
            return true;
        }
        @Nullable PathNode node = seenDirectory(directory);
        if (node == null) {
            return false;
        }
        node.hideChildren(layer);
        return true;
    }

    private boolean add(TreePath path, TarHeader header) {
        LayerEntries.requireHoldable(path, header);
        if (path.isRoot()) {
            return addRoot(LayerEntries.portable(header.attributes()));
        }
        @Nullable PathNode parent = lowest() ? madeDirectory(path.parent()) : seenDirectory(path.parent());
        if (parent == null) {
            return false;
        }
        PathNode node = parent.child(path.name());
        boolean hidden = node.isHidden(layer, parent);
        return header.type() == TarType.DIRECTORY
                ? addDirectory(path, node, hidden, LayerEntries.portable(header.attributes()))
                : addLeaf(path, node, hidden, header);
    }

    private boolean addRoot(Attributes attributes) {
        if (!rootDelivered) {
            rootDelivered = true;
            root.deliver(layer, true, TreePath.ROOT, attributes);
            due.add(new TreeEntry.Directory(TreePath.ROOT, attributes));
            return true;
        }
        return root.deliveredIn() != layer || attributes.equals(root.attributes());
    }

    private boolean addDirectory(TreePath path, PathNode node, boolean hidden, Attributes attributes) {
        Seen before = node.seen(layer);
        if (before == Seen.LEAF) {
            return false;
        }
        if (before != Seen.NOTHING) {
            // Named again, or already taken for granted: fine unless it changes what was delivered.
            return node.isHiddenNow() || node.deliveredIn() != layer || attributes.equals(node.attributes());
        }
        node.see(layer, Seen.DIRECTORY, hidden);
        deliverDirectory(path, node, hidden, attributes);
        return true;
    }

    private void deliverDirectory(TreePath path, PathNode node, boolean hidden, Attributes attributes) {
        if (!hidden && !node.isDirectory()) {
            node.deliver(layer, true, path, attributes);
            due.add(new TreeEntry.Directory(path, attributes));
        }
    }

    private boolean addLeaf(TreePath path, PathNode node, boolean hidden, TarHeader header) {
        if (node.seen(layer) != Seen.NOTHING) {
            return false;
        }
        boolean covered = hidden || node.isDirectory();
        @Nullable PathNode target = null;
        if (header.type() == TarType.HARD_LINK) {
            target = target(TreePath.parse(header.linkName()));
            if (target == null || (!covered && target.isHiddenNow())) {
                return false;
            }
        }
        node.see(layer, Seen.LEAF, covered);
        if (covered) {
            // A higher layer made it a directory, but not of what lies below this one.
            node.hideChildren(layer);
            return true;
        }
        if (target != null) {
            node.deliver(layer, false, target.path(), target.attributes());
            due.add(new TreeEntry.HardLink(path, target.attributes(), target.path()));
        } else {
            Attributes attributes = LayerEntries.portable(header.attributes());
            node.deliver(layer, false, path, attributes);
            due.add(LayerEntries.leaf(path, attributes, header));
        }
        return true;
    }

    /** The file of this layer that a hard link leads to, or null when that is less than plain. */
    private @Nullable PathNode target(TreePath path) {
        @Nullable PathNode parent = path.isRoot() ? null : seenDirectory(path.parent());
        @Nullable PathNode node = parent == null ? null : parent.present(path.name());
        return node != null && node.seen(layer) == Seen.LEAF ? node : null;
    }

    /** A directory that this layer has named, or null. */
    private @Nullable PathNode seenDirectory(TreePath path) {
        @Nullable PathNode node = known(path);
        if (node != null) {
            return node;
        }
        node = root;
        for (String name : path.components()) {
            node = node.present(name);
            if (node == null) {
                return null;
            }
        }
        return node.seen(layer).isDirectory() ? remember(path, node) : null;
    }

    /** A directory of the lowest layer, taken for granted when it is not named; null when something else is there. */
    private @Nullable PathNode madeDirectory(TreePath path) {
        @Nullable PathNode known = known(path);
        if (known != null) {
            return known;
        }
        PathNode node = root;
        TreePath here = TreePath.ROOT;
        for (String name : path.components()) {
            PathNode parent = node;
            here = here.child(name);
            node = parent.child(name);
            Seen seen = node.seen(layer);
            if (seen == Seen.LEAF) {
                return null;
            }
            if (seen == Seen.NOTHING) {
                boolean hidden = node.isHidden(layer, parent);
                node.see(layer, Seen.IMPLIED, hidden);
                deliverDirectory(here, node, hidden, LayerEntries.IMPLIED);
            }
        }
        return remember(path, node);
    }

    private @Nullable PathNode known(TreePath path) {
        if (path.isRoot()) {
            return root;
        }
        return path.bytes().equals(lastParent) ? lastParentNode : null;
    }

    private PathNode remember(TreePath path, PathNode node) {
        lastParent = path.bytes();
        lastParentNode = node;
        return node;
    }
}
