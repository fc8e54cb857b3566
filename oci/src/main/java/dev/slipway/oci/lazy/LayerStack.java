package dev.slipway.oci.lazy;

import dev.slipway.oci.OciException;
import dev.slipway.oci.lazy.Node.Folder;
import dev.slipway.oci.lazy.Node.Leaf;
import dev.slipway.oci.tree.TreePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Layers on top of each other, 0 being the uppermost. Each is opened only when the ones above cannot answer, and means the same here as
 * when the whole image is flattened.
 */
final class LayerStack {
    private static final int MAX_LINKS_FOLLOWED = 40;
    private static final int MAX_DEPTH = 1024;

    /** Opens a layer. */
    interface Opener {
        /** Reads what a layer holds; called once for each. */
        Folder open(int layer);
    }

    private final List<@Nullable Folder> roots;
    private final Opener opener;

    LayerStack(int layers, Opener opener) {
        this.roots = new ArrayList<>(layers);
        this.opener = opener;
        for (int i = 0; i < layers; i++) {
            roots.add(null);
        }
    }

    /**
     * What was found.
     *
     * @param path without symbolic links in its parents
     */
    record Found(Node node, TreePath path) {}

    private record Hit(Node node, int depth) {}

    /** Begins a layer that is being opened, so that it can be searched while it grows. */
    void begin(int layer, Folder root) {
        roots.set(layer, root);
    }

    private Folder root(int layer) {
        Folder root = roots.get(layer);
        if (root == null) {
            root = opener.open(layer);
            roots.set(layer, root);
        }
        return root;
    }

    /**
     * Finds a path; symbolic links among its parents are followed inside the image.
     *
     * @param from the uppermost layer to look at
     * @param follow whether to follow a symbolic link at its end too
     */
    Optional<Found> find(TreePath path, int from, boolean follow) {
        return new Search(from).find(path.components(), follow);
    }

    /** What layers have at a path without symbolic links, links at its end not followed. */
    Optional<Found> peek(List<String> names, int from) {
        Hit hit = look(names, from);
        return hit == null || hit.depth < names.size() ? Optional.empty() : found(hit, names);
    }

    private static Optional<Found> found(Hit hit, List<String> names) {
        return hit.node instanceof Leaf leaf && leaf.isDangling()
                ? Optional.empty()
                : Optional.of(new Found(hit.node, path(names)));
    }

    private static TreePath path(List<String> names) {
        return new TreePath(String.join("/", names));
    }

    private final class Search {
        private final int from;
        private int followed;

        Search(int from) {
            this.from = from;
        }

        Optional<Found> find(List<String> names, boolean follow) {
            while (true) {
                Hit hit = look(names, from);
                if (hit == null) {
                    return Optional.empty();
                }
                boolean last = hit.depth == names.size();
                if (hit.node instanceof Leaf leaf && leaf.isSymbolicLink() && (follow || !last)) {
                    Optional<List<String>> next =
                            follow(names, hit.depth, leaf.header().linkName());
                    if (next.isEmpty()) {
                        return Optional.empty();
                    }
                    names = next.get();
                } else {
                    return last ? found(hit, names) : Optional.empty();
                }
            }
        }

        /** The path with the link at a depth replaced by its target; empty when that leads through what does not exist. */
        private Optional<List<String>> follow(List<String> names, int depth, String target) {
            followed++;
            if (followed > MAX_LINKS_FOLLOWED) {
                throw invalid(names, "more than " + MAX_LINKS_FOLLOWED + " symbolic links lead to it");
            }
            List<String> result =
                    target.startsWith("/") ? new ArrayList<>() : new ArrayList<>(names.subList(0, depth - 1));
            boolean real = true;
            for (String name : target.split("/", -1)) {
                if (name.equals("..")) {
                    if (!real) {
                        Optional<Found> folder = find(result, true).filter(found -> found.node instanceof Folder);
                        if (folder.isEmpty()) {
                            return Optional.empty();
                        }
                        result = new ArrayList<>(folder.get().path.components());
                        real = true;
                    }
                    if (!result.isEmpty()) {
                        result.removeLast();
                    }
                } else if (!name.isEmpty() && !name.equals(".")) {
                    result.add(name);
                    real = false;
                }
            }
            result.addAll(names.subList(depth, names.size()));
            if (result.size() > MAX_DEPTH) {
                throw invalid(names, "it is deeper than " + MAX_DEPTH + " folders");
            }
            return Optional.of(result);
        }
    }

    /** Walks down in one layer after the other until something decides; ends before the path does at what is no directory. */
    private @Nullable Hit look(List<String> names, int from) {
        Hit folder = null;
        boolean opaque = false;
        int known = 0;
        for (int i = from; i < roots.size(); i++) {
            Way way = walk(root(i), names);
            if (way.node instanceof Leaf leaf) {
                boolean taken = way.depth <= known;
                if (!taken && !(opaque && way.depth == names.size())) {
                    return new Hit(leaf, way.depth);
                }
                return taken ? folder : new Hit(new Folder(), way.depth);
            }
            if (way.node instanceof Folder found && found.present) {
                folder = folder == null ? new Hit(found, names.size()) : folder;
                if (found.attributes != null) {
                    return new Hit(found, names.size());
                }
            }
            if (way.hides) {
                return folder;
            }
            known = Math.max(known, way.known);
            opaque |= way.node instanceof Folder found && found.opaque;
        }
        return folder;
    }

    /**
     * How far one layer leads.
     *
     * @param node what lies at the end, when something does
     * @param depth how many names lead to the node
     * @param known how many names lead to the deepest directory that this layer makes
     * @param hides whether it hides what lower layers have at the path
     */
    private record Way(@Nullable Node node, int depth, int known, boolean hides) {}

    private static Way walk(Folder root, List<String> names) {
        Folder here = root;
        boolean hides = false;
        int known = 0;
        for (int depth = 1; depth <= names.size(); depth++) {
            String name = names.get(depth - 1);
            hides |= here.opaque || here.hidden.contains(name);
            switch (here.children.get(name)) {
                case null -> {
                    return new Way(null, depth, known, hides);
                }
                case Leaf leaf -> {
                    return new Way(leaf, depth, known, hides);
                }
                case Folder folder -> {
                    known = folder.present ? depth : known;
                    hides |= folder.anew;
                    here = folder;
                }
            }
        }
        return new Way(here, names.size(), known, hides);
    }

    /** The names in a directory, whose path has no symbolic links. */
    Set<String> names(TreePath path) {
        List<String> names = path.components();
        Set<String> listed = new LinkedHashSet<>();
        Set<String> gone = new HashSet<>();
        int known = 0;
        for (int i = 0; i < roots.size(); i++) {
            Way way = walk(root(i), names);
            if (way.node instanceof Leaf) {
                return listed;
            }
            if (way.node instanceof Folder folder) {
                folder.children.forEach((name, child) -> {
                    if (!gone.contains(name) && !(child instanceof Folder inner && !inner.present)) {
                        listed.add(name);
                    }
                });
                gone.addAll(folder.hidden);
                if (folder.opaque) {
                    return listed;
                }
            }
            if (way.hides) {
                return listed;
            }
            known = Math.max(known, way.known);
        }
        return listed;
    }

    static OciException invalid(List<String> names, String why) {
        return OciException.invalid("oci.invalid-layer", "Reading '" + path(names) + "' was refused: " + why + ".");
    }
}
