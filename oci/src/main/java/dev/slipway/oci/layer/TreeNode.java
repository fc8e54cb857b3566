package dev.slipway.oci.layer;

import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.Attributes;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a name in the tree stands for. Several names may stand for one leaf: those are hard links. */
sealed interface TreeNode {
    /** A directory; one that no layer mentions, but something lies in, belongs to root and has mode 0755. */
    final class Directory implements TreeNode {
        final Map<String, TreeNode> children = new LinkedHashMap<>();
        Attributes attributes = LayerEntries.IMPLIED;
    }

    /** Anything else, as the header of one layer describes it. */
    record Leaf(int layer, int ordinal, TarHeader header) implements TreeNode {
        boolean isSymbolicLink() {
            return header.type() == TarType.SYMBOLIC_LINK;
        }

        /** Two entries with equal headers are still two files. */
        @Override
        public boolean equals(Object other) {
            return other instanceof Leaf leaf && leaf.layer == layer && leaf.ordinal == ordinal;
        }

        @Override
        public int hashCode() {
            return layer * 31 + ordinal;
        }
    }
}
