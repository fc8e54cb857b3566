package dev.slipway.oci.layer;

import dev.slipway.oci.OciException;
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
    private static final String WHITEOUT = ".wh.";
    /** Names of a union file system's own files; only the opaque marker means something. */
    private static final String RESERVED = ".wh..wh.";

    private static final String OPAQUE = ".wh..wh..opq";
    private static final int MAX_LINKS_FOLLOWED = 40;
    private static final int MAX_DEPTH = 1024;
    /** The longest that Linux can hold. */
    private static final int MAX_LINK_TARGET = 4095;

    private final Directory root = new Directory();

    ResolvedTree resolve(List<LayerIndex> layers) {
        for (int i = 0; i < layers.size(); i++) {
            apply(i, layers.get(i).headers());
        }
        return ResolvedTree.of(root, layers.size());
    }

    private record Entry(TreePath path, int ordinal, TarHeader header) {}

    private void apply(int layer, List<TarHeader> headers) {
        List<TreePath> whiteouts = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        Set<String> directories = new HashSet<>();
        for (int ordinal = 0; ordinal < headers.size(); ordinal++) {
            TarHeader header = headers.get(ordinal);
            TreePath path = TreePath.parse(header.name());
            if (isReserved(path)) {
                continue;
            }
            if (path.name().startsWith(WHITEOUT)) {
                whiteouts.add(path);
            } else {
                entries.add(new Entry(path, ordinal, header));
                if (header.type() == TarType.DIRECTORY) {
                    directories.add(path.bytes());
                }
            }
        }
        whiteouts.forEach(path -> hide(path, directories));
        entries.forEach(entry -> add(layer, entry));
    }

    private static boolean isReserved(TreePath path) {
        List<String> components = path.components();
        for (int i = 0; i < components.size(); i++) {
            String component = components.get(i);
            boolean last = i == components.size() - 1;
            if (component.startsWith(RESERVED) && !(last && component.equals(OPAQUE))) {
                return true;
            }
            if (!last && component.startsWith(WHITEOUT)) {
                throw invalid(path, "something lies below a whiteout");
            }
        }
        return false;
    }

    private void hide(TreePath marker, Set<String> directories) {
        if (marker.name().equals(OPAQUE)) {
            hideChildren(marker.parent(), directories);
            return;
        }
        String name = marker.name().substring(WHITEOUT.length());
        if (name.isEmpty() || name.equals(".") || name.equals("..")) {
            throw invalid(marker, "a whiteout must name what it removes");
        }
        find(marker.parent(), directories).ifPresent(parent -> parent.children.remove(name));
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
        if (path.isRoot()) {
            if (header.type() != TarType.DIRECTORY) {
                throw invalid(path, "the root must be a directory");
            }
            root.attributes = header.attributes();
            return;
        }
        TreeNode node = switch (header.type()) {
            case DIRECTORY -> null;
            case HARD_LINK -> linked(path, header);
            case FILE, SYMBOLIC_LINK, CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> new Leaf(layer, entry.ordinal(), header);
        };
        if (header.type() == TarType.SYMBOLIC_LINK
                && (header.linkName().isEmpty() || header.linkName().length() > MAX_LINK_TARGET)) {
            throw invalid(path, "the symbolic link's target is empty or longer than " + MAX_LINK_TARGET + " bytes");
        }
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
            case Directory _ -> throw invalid(path, "its hard link's target " + target + " is a directory");
            case null -> throw invalid(path, "its hard link's target " + target + " does not exist");
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
                throw invalid(path, "it is deeper than " + MAX_DEPTH + " folders");
            }
            stack.add((Directory) child);
            return true;
        }

        private void follow(TreePath path, String target) {
            followed++;
            if (followed > MAX_LINKS_FOLLOWED) {
                throw invalid(path, "more than " + MAX_LINKS_FOLLOWED + " symbolic links lead to it");
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

    private static OciException invalid(TreePath path, String why) {
        return OciException.invalid("oci.invalid-layer", "Unpacking '" + path + "' was refused: " + why + ".");
    }
}
