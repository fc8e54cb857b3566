package dev.slipway.oci.diff;

import dev.slipway.oci.diff.TreeNode.Property;
import dev.slipway.oci.tree.TreePath;
import java.util.Set;

/** One path at which two trees differ. */
public sealed interface TreeChange {
    TreePath path();

    /** Only the later tree has it. */
    record Added(TreePath path, TreeNode after) implements TreeChange {}

    /** Only the earlier tree has it. */
    record Removed(TreePath path, TreeNode before) implements TreeChange {}

    /**
     * Both have it, and it differs.
     *
     * @param properties in what; never empty
     */
    record Changed(TreePath path, TreeNode before, TreeNode after, Set<Property> properties) implements TreeChange {
        public Changed {
            properties = Set.copyOf(properties);
        }
    }
}
