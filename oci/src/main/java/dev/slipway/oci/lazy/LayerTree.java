package dev.slipway.oci.lazy;

import dev.slipway.oci.OciException;
import dev.slipway.oci.lazy.Node.Folder;
import dev.slipway.oci.lazy.Node.Leaf;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.TreePath;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a tree from the entries of one layer, whiteouts being marks in its directories. */
final class LayerTree {
    private static final String WHITEOUT = ".wh.";
    /** Names of a union file system's own files; only the opaque marker means something. */
    private static final String RESERVED = ".wh..wh.";

    private static final String OPAQUE = ".wh..wh..opq";
    private static final int MAX_LINKS_FOLLOWED = 40;
    private static final int MAX_DEPTH = 1024;

    private final LayerStack stack;
    private final int layer;
    private final Folder root = new Folder();
    private final Set<String> directories = new HashSet<>();

    /**
     * Prepares a layer's tree.
     *
     * @param stack what the layer stands in, which leads to the parents that it takes for granted
     */
    LayerTree(LayerStack stack, int layer) {
        this.stack = stack;
        this.layer = layer;
        root.present = true;
    }

    /** Makes the tree, which the stack sees growing. */
    Folder of(List<LayerEntry> entries) {
        stack.begin(layer, root);
        List<TreePath> markers = new ArrayList<>();
        List<LayerEntry> others = new ArrayList<>();
        for (LayerEntry entry : entries) {
            TreePath path = TreePath.parse(entry.header().name());
            if (isReserved(path)) {
                continue;
            }
            if (path.name().startsWith(WHITEOUT)) {
                markers.add(path);
            } else {
                others.add(entry);
                if (entry.header().type() == TarType.DIRECTORY) {
                    directories.add(path.bytes());
                }
            }
        }
        markers.forEach(this::hide);
        others.forEach(this::add);
        return root;
    }

    private static boolean isReserved(TreePath path) {
        List<String> components = path.components();
        for (int i = 0; i < components.size(); i++) {
            boolean last = i == components.size() - 1;
            String component = components.get(i);
            if (component.startsWith(RESERVED) && !(last && component.equals(OPAQUE))) {
                return true;
            }
            if (!last && component.startsWith(WHITEOUT)) {
                throw invalid(path, "something lies below a whiteout");
            }
        }
        return false;
    }

    private void hide(TreePath marker) {
        boolean opaque = marker.name().equals(OPAQUE);
        String name = marker.name().substring(WHITEOUT.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw invalid(marker, "a whiteout must name what it removes");
        }
        if (opaque && marker.parent().isRoot()) {
            root.opaque = true;
            return;
        }
        // An opaque directory is the one of that name, not where a link of that name leads.
        TreePath inside = opaque ? marker.parent().parent() : marker.parent();
        Folder folder = new Walk(false).to(inside);
        if (folder == null) {
            return;
        }
        if (!opaque) {
            folder.hidden.add(name);
        } else {
            String opaqueName = marker.parent().name();
            if (folder.children.computeIfAbsent(opaqueName, _ -> new Folder()) instanceof Folder hiding) {
                hiding.opaque = true;
            }
        }
    }

    private void add(LayerEntry entry) {
        TarHeader header = entry.header();
        TreePath path = TreePath.parse(header.name());
        if (path.isRoot()) {
            if (header.type() != TarType.DIRECTORY) {
                throw invalid(path, "the root must be a directory");
            }
            root.attributes = header.attributes();
            return;
        }
        Node node = header.type() == TarType.HARD_LINK ? linked(entry) : new Leaf(layer, header, entry.content());
        Folder parent = new Walk(true).to(path.parent());
        if (parent == null) {
            throw invalid(path, "its parent is no directory");
        }
        if (header.type() == TarType.DIRECTORY) {
            folder(parent, path.name()).attributes = header.attributes();
        } else {
            parent.children.put(path.name(), node);
        }
    }

    /** What a hard link is a name of at this point of the layer; the link itself when that is nothing. */
    private Node linked(LayerEntry entry) {
        return stack.find(TreePath.parse(entry.header().linkName()), layer, false)
                .map(LayerStack.Found::node)
                .filter(Leaf.class::isInstance)
                .orElseGet(() -> new Leaf(layer, entry.header(), entry.content()));
    }

    /** The directory of a name, made when there is none. */
    private static Folder folder(Folder parent, String name) {
        Folder folder;
        switch (parent.children.get(name)) {
            case Folder present -> folder = present;
            case Leaf _ -> {
                // The entry that it replaces has hidden everything below.
                folder = new Folder();
                folder.anew = true;
            }
            case null -> folder = new Folder();
        }
        folder.present = true;
        parent.children.put(name, folder);
        return folder;
    }

    /** One way down from the root, links followed inside the image. */
    private final class Walk {
        private final boolean make;
        private final List<String> names = new ArrayList<>();
        private final Deque<String> ahead = new ArrayDeque<>();
        private int followed;

        /**
         * Prepares to walk.
         *
         * @param make whether what is missing, or no directory, becomes one in this layer
         */
        Walk(boolean make) {
            this.make = make;
        }

        @Nullable
        Folder to(TreePath path) {
            ahead.addAll(path.components());
            while (!ahead.isEmpty()) {
                String name = ahead.poll();
                if (!name.equals("..")) {
                    names.add(name);
                    if (!(make ? enter(path) : see(path))) {
                        return null;
                    }
                } else if (!names.isEmpty()) {
                    names.removeLast();
                }
            }
            return own();
        }

        /** Makes sure that the layer has a directory where it puts something. */
        private boolean enter(TreePath path) {
            Folder parent = own(names.subList(0, names.size() - 1));
            Node node = parent.children.get(names.getLast());
            if (node instanceof Folder present && present.present) {
                return true;
            }
            if (!follows(path)) {
                folder(parent, names.getLast());
            }
            return true;
        }

        private boolean see(TreePath path) {
            if (followed == 0 && directories.contains(String.join("/", names))) {
                return true;
            }
            return follows(path)
                    || stack.peek(names, layer)
                            .filter(found -> found.node() instanceof Folder)
                            .isPresent();
        }

        /** Follows what lies at the present names when that is a symbolic link. */
        private boolean follows(TreePath path) {
            Optional<LayerStack.Found> found = stack.peek(names, layer);
            if (found.isEmpty() || !(found.get().node() instanceof Leaf leaf) || !leaf.isSymbolicLink()) {
                return false;
            }
            followed++;
            if (followed > MAX_LINKS_FOLLOWED) {
                throw invalid(path, "more than " + MAX_LINKS_FOLLOWED + " symbolic links lead to it");
            }
            String target = leaf.header().linkName();
            names.removeLast();
            if (target.startsWith("/")) {
                names.clear();
            }
            String[] parts = target.split("/", -1);
            for (int i = parts.length - 1; i >= 0; i--) {
                if (!parts[i].isEmpty() && !parts[i].equals(".")) {
                    ahead.addFirst(parts[i]);
                }
            }
            if (names.size() + ahead.size() > MAX_DEPTH) {
                throw invalid(path, "it is deeper than " + MAX_DEPTH + " folders");
            }
            return true;
        }

        private Folder own() {
            return own(names);
        }

        /** This layer's place for a directory; it may be one only by what is put there later. */
        private Folder own(List<String> path) {
            Folder here = root;
            for (String name : path) {
                Node node = here.children.computeIfAbsent(name, _ -> new Folder());
                here = node instanceof Folder folder ? folder : folder(here, name);
                here.present |= make;
            }
            return here;
        }
    }

    private static OciException invalid(TreePath path, String why) {
        return OciException.invalid("oci.invalid-layer", "Reading '" + path + "' was refused: " + why + ".");
    }
}
