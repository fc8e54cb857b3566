package dev.slipway.oci.lazy;

import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.Attributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one layer has under one name. */
sealed interface Node {
    /** A directory, or only the place where a layer hides something of the layers below. */
    final class Folder implements Node {
        final Map<String, Node> children = new HashMap<>();
        /** Names of lower layers that are hidden here. */
        final Set<String> hidden = new HashSet<>();
        /** Whether all names of lower layers are hidden here. */
        boolean opaque;
        /** Whether it took the place of something else in its layer, so that it has nothing from lower ones. */
        boolean anew;
        /** Whether the layer makes it a directory: with an entry of its own, or one somewhere below. */
        boolean present;
        /** Those of its own entry. */
        @Nullable
        Attributes attributes;
    }

    /**
     * Anything else; a hard link is what it is a name of.
     *
     * @param layer that has the content
     */
    record Leaf(int layer, TarHeader header, Content content) implements Node {
        boolean isSymbolicLink() {
            return header.type() == TarType.SYMBOLIC_LINK;
        }

        /** Whether it is a hard link that leads to nothing. */
        boolean isDangling() {
            return header.type() == TarType.HARD_LINK;
        }
    }
}
