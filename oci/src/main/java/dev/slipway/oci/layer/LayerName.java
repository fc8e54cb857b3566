package dev.slipway.oci.layer;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tree.TreePath;
import java.util.List;

/** What the name of a layer's entry says it is. */
sealed interface LayerName {
    /** A file of the tree. */
    record Entry(TreePath path) implements LayerName {}

    /** Removes one name of lower layers. */
    record Whiteout(TreePath removed) implements LayerName {}

    /** Removes what lower layers have in a directory. */
    record Opaque(TreePath directory) implements LayerName {}

    /** A file of a union file system's own; means nothing. */
    record Reserved() implements LayerName {}

    /**
     * Reads a name.
     *
     * @throws OciException {@code oci.unsafe-path}, {@code oci.invalid-layer}
     */
    static LayerName parse(String name) {
        TreePath path = TreePath.parse(name);
        if (!path.bytes().contains(Marker.WHITEOUT)) {
            return new Entry(path);
        }
        List<String> components = path.components();
        for (String component : components.subList(0, components.size() - 1)) {
            if (component.startsWith(Marker.RESERVED)) {
                return new Reserved();
            }
            if (component.startsWith(Marker.WHITEOUT)) {
                throw invalid(path, "something lies below a whiteout");
            }
        }
        String last = components.getLast();
        if (last.equals(Marker.OPAQUE)) {
            return new Opaque(path.parent());
        }
        if (last.startsWith(Marker.RESERVED)) {
            return new Reserved();
        }
        if (!last.startsWith(Marker.WHITEOUT)) {
            return new Entry(path);
        }
        String removed = last.substring(Marker.WHITEOUT.length());
        if (removed.isEmpty() || removed.equals(".") || removed.equals("..")) {
            throw invalid(path, "a whiteout must name what it removes");
        }
        return new Whiteout(path.parent().child(removed));
    }

    static OciException invalid(TreePath path, String why) {
        return OciException.invalid("oci.invalid-layer", "Unpacking '" + path + "' was refused: " + why + ".");
    }

    /** How the names begin. */
    final class Marker {
        private static final String WHITEOUT = ".wh.";
        private static final String RESERVED = ".wh..wh.";
        private static final String OPAQUE = ".wh..wh..opq";

        private Marker() {}
    }
}
