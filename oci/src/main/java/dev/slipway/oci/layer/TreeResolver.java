package dev.slipway.oci.layer;

import dev.slipway.oci.layer.TreeNode.Directory;
import dev.slipway.oci.layer.TreeNode.Leaf;
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

/**
 * Decides from headers alone what a tree holds.
 *
 * <p>Layers are applied to a tree in memory, lowest first; in each, whiteouts and opaque markers come before the other
 * entries, wherever they stand in the archive, for they speak of lower layers only. Parents that are symbolic links are
 * followed inside the tree, with the tree's root as the top of everything.
 */
final class TreeResolver {
    private static final int MAX_LINKS_FOLLOWED = 40;
    private static final int MAX_DEPTH = 1024;

    private final Directory root = new Directory();

    ResolvedTree resolve(List<LayerIndex> layers) {
        for (int i = 0; i < layers.size(); i++) {
            apply(i, layers.get(i).headers());
        }
        return ResolvedTree.of(root, layers.size());
    }

    private record Entry(TreePath path, int ordinal, TarHeader header) {}

    private void apply(int layer, List<TarHeader> headers) {
        List<LayerName> hidden = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        Set<String> directories = new HashSet<>();
        for (int ordinal = 0; ordinal < headers.size(); ordinal++) {
            TarHeader header = headers.get(ordinal);
            switch (LayerName.parse(header.name())) {
                case LayerName.Reserved _ -> {}
                case LayerName.Whiteout whiteout -> hidden.add(whiteout);
                case LayerName.Opaque opaque -> hidden.add(opaque);
                case LayerName.Entry(TreePath path) -> {
                    entries.add(new Entry(path, ordinal, header));
                    if (header.type() == TarType.DIRECTORY) {
                        directories.add(path.bytes());
                    }
                }
            }
        }
        hidden.forEach(name -> hide(name, directories));
        entries.forEach(entry -> add(layer, entry));
    }

    private void hide(LayerName name, Set<String> directories) {
        switch (name) {
            case LayerName.Whiteout(TreePath removed) ->
                find(removed.parent(), directories).ifPresent(parent -> parent.children.remove(removed.name()));
            case LayerName.Opaque(TreePath directory) -> hideChildren(directory, directories);
            case LayerName.Entry _, LayerName.Reserved _ -> {}
        }
    }

    private void hideChildren(TreePath path, Set<String> directories) {
        if (path.isRoot()) {
            root.children.clear();
            return;
        }
        Optional<Directory> parent = find(path.parent(), directories);
        switch (parent.map(directory -> directory.children.get(path.name())).orElse(null)) {
            case null -> {}
            case Directory directory -> directory.children.clear();
            // An opaque directory takes the place of what is no directory, a symbolic link included.
            case Leaf _ -> parent.orElseThrow().children.put(path.name(), new Directory());
        }
    }

    private void add(int layer, Entry entry) {
        TreePath path = entry.path();
        TarHeader header = entry.header();
        LayerEntries.requireHoldable(path, header);
        if (path.isRoot()) {
            root.attributes = header.attributes();
            return;
        }
        TreeNode node = switch (header.type()) {
            case DIRECTORY -> null;
            case HARD_LINK -> linked(path, header);
            case FILE, SYMBOLIC_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> new Leaf(layer, entry.ordinal(), header);
        };
        Directory parent = findOrMake(path.parent());
        if (node != null) {
            parent.children.put(path.name(), node);
        } else if (parent.children.get(path.name()) instanceof Directory present) {
            present.attributes = header.attributes();
        } else {
            Directory directory = new Directory();
            directory.attributes = header.attributes();
            parent.children.put(path.name(), directory);
        }
    }

    private Leaf linked(TreePath path, TarHeader header) {
        TreePath target = TreePath.parse(header.linkName());
        Optional<TreeNode> node = find(target.parent(), Set.of())
                .flatMap(parent -> Optional.ofNullable(parent.children.get(target.name())));
        return switch (node.orElse(null)) {
            case Leaf leaf -> leaf;
            case Directory _ -> throw LayerName.invalid(path, "its hard link's target " + target + " is a directory");
            case null -> throw LayerName.invalid(path, "its hard link's target " + target + " does not exist");
        };
    }

    private Optional<Directory> find(TreePath path, Set<String> directories) {
        return new Walk(false, directories).to(path);
    }

    private Directory findOrMake(TreePath path) {
        return new Walk(true, Set.of()).to(path).orElseThrow();
    }

    /** One way down from the root, links followed inside the tree. */
    private final class Walk {
        private final boolean make;
        private final Set<String> directories;
        private final List<Directory> stack = new ArrayList<>(List.of(root));
        private final Deque<String> ahead = new ArrayDeque<>();
        private int followed;

        /**
         * Prepares to walk.
         *
         * @param make whether what is missing, or no directory, shall become one
         * @param directories what the layer itself makes a directory: such a link is not followed, for it goes away
         */
        Walk(boolean make, Set<String> directories) {
            this.make = make;
            this.directories = directories;
        }

        Optional<Directory> to(TreePath path) {
            ahead.addAll(path.components());
            StringBuilder literal = new StringBuilder();
            while (!ahead.isEmpty()) {
                String name = ahead.poll();
                literal.append(literal.isEmpty() ? "" : "/").append(name);
                if (name.equals("..")) {
                    if (stack.size() > 1) {
                        stack.removeLast();
                    }
                } else if (!step(path, name, literal)) {
                    return Optional.empty();
                }
            }
            return Optional.of(stack.getLast());
        }

        private boolean step(TreePath path, String name, StringBuilder literal) {
            Directory here = stack.getLast();
            TreeNode child = here.children.get(name);
            if (child instanceof Leaf leaf && leaf.isSymbolicLink()) {
                if (followed == 0 && directories.contains(literal.toString())) {
                    return false;
                }
                follow(path, leaf.header().linkName());
                return true;
            }
            if (!(child instanceof Directory)) {
                if (!make) {
                    return false;
                }
                child = new Directory();
                here.children.put(name, child);
            }
            if (stack.size() == MAX_DEPTH) {
                throw LayerName.invalid(path, "it is deeper than " + MAX_DEPTH + " folders");
            }
            stack.add((Directory) child);
            return true;
        }

        private void follow(TreePath path, String target) {
            followed++;
            if (followed > MAX_LINKS_FOLLOWED) {
                throw LayerName.invalid(path, "more than " + MAX_LINKS_FOLLOWED + " symbolic links lead to it");
            }
            if (target.startsWith("/")) {
                stack.subList(1, stack.size()).clear();
            }
            String[] names = target.split("/", -1);
            for (int i = names.length - 1; i >= 0; i--) {
                if (!names[i].isEmpty() && !names[i].equals(".")) {
                    ahead.addFirst(names[i]);
                }
            }
        }
    }
}
