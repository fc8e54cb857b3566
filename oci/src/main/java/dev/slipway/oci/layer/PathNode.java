package dev.slipway.oci.layer;

import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreePath;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@link StreamedTree} knows of one path: what was delivered, what is hidden, and what the present layer said. */
final class PathNode {
    private static final int NEVER = -1;

    private @Nullable Map<String, PathNode> children;
    private int deliveredIn = NEVER;
    private boolean directory;
    private TreePath path = TreePath.ROOT;
    private Attributes attributes = LayerEntries.IMPLIED;
    private int hiddenBelow = NEVER;
    private int childrenHiddenBelow = NEVER;
    private int seenIn = NEVER;
    private Seen seen = Seen.NOTHING;
    private boolean hiddenNow;

    /** As what a layer has a path. */
    enum Seen {
        NOTHING,
        DIRECTORY,
        /** Something lies in it. */
        IMPLIED,
        LEAF;

        boolean isDirectory() {
            return this == DIRECTORY || this == IMPLIED;
        }
    }

    PathNode child(String name) {
        if (children == null) {
            children = new HashMap<>();
        }
        return children.computeIfAbsent(name, _ -> new PathNode());
    }

    @Nullable
    PathNode present(String name) {
        return children == null ? null : children.get(name);
    }

    /** Hides the path from layers below this one. */
    void hide(int layer) {
        hiddenBelow = Math.max(hiddenBelow, layer);
    }

    /** Hides what lies in it from layers below this one. */
    void hideChildren(int layer) {
        childrenHiddenBelow = Math.max(childrenHiddenBelow, layer);
    }

    /** Whether higher layers hide this path, or have something here in which nothing can lie. */
    boolean isHidden(int layer, PathNode parent) {
        boolean leafAbove = deliveredIn > layer && !directory;
        return parent.hiddenNow || parent.childrenHiddenBelow > layer || hiddenBelow > layer || leafAbove;
    }

    /** What the layer has said of it so far. */
    Seen seen(int layer) {
        return seenIn == layer ? seen : Seen.NOTHING;
    }

    void see(int layer, Seen as, boolean hidden) {
        seenIn = layer;
        seen = as;
        hiddenNow = hidden;
    }

    /** Whether what the present layer has here is not delivered, because of a higher one. */
    boolean isHiddenNow() {
        return hiddenNow;
    }

    /**
     * Notes that it was delivered.
     *
     * @param first the first name of the file, when it has several
     */
    void deliver(int layer, boolean asDirectory, TreePath first, Attributes with) {
        deliveredIn = layer;
        directory = asDirectory;
        path = first;
        attributes = with;
    }

    /** Whether a directory was delivered. */
    boolean isDirectory() {
        return directory;
    }

    int deliveredIn() {
        return deliveredIn;
    }

    TreePath path() {
        return path;
    }

    Attributes attributes() {
        return attributes;
    }
}
