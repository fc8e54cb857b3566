package dev.slipway.oci.diff;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.diff.TreeNode.Property;
import dev.slipway.oci.layer.FlattenLimits;
import dev.slipway.oci.layer.Flattener;
import dev.slipway.oci.layer.LayerSource;
import dev.slipway.oci.tree.TreePath;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A tree by its paths: all that is compared, without the contents themselves. */
public final class TreeSummary {
    private final TreeMap<String, TreeNode> nodes;

    private TreeSummary(TreeMap<String, TreeNode> nodes) {
        this.nodes = nodes;
    }

    /**
     * Makes a summary.
     *
     * @param nodes by path, the root's being empty
     * @param links from each further name of a file to its first
     */
    static TreeSummary of(Map<String, TreeNode> nodes, Map<String, String> links) {
        TreeMap<String, TreeNode> all = new TreeMap<>(nodes);
        Map<String, String> first = new HashMap<>();
        links.forEach((name, target) -> {
            first.merge(target, name.compareTo(target) < 0 ? name : target, (a, b) -> a.compareTo(b) < 0 ? a : b);
        });
        links.forEach((name, target) -> share(all, nodes, name, target, first));
        first.keySet().forEach(target -> share(all, nodes, target, target, first));
        return new TreeSummary(all);
    }

    private static void share(
            Map<String, TreeNode> all,
            Map<String, TreeNode> nodes,
            String name,
            String target,
            Map<String, String> first) {
        TreeNode node = nodes.get(target);
        String shared = first.get(target);
        if (node != null && shared != null) {
            all.put(name, node.withShared(new TreePath(shared)));
        }
    }

    /** Flattens an image and keeps what is compared. */
    public static TreeSummary of(
            ImageManifest manifest,
            ImageConfig config,
            LayerSource layers,
            ProgressListener listener,
            Cancellation cancellation) {
        SummarySink sink = new SummarySink(cancellation);
        new Flattener(FlattenLimits.defaults()).flatten(manifest, config, layers, sink, listener, cancellation);
        return sink.summary();
    }

    /**
     * Reads a folder. Links are not followed, and nothing is changed, times of use aside.
     *
     * @throws dev.slipway.oci.OciException {@code oci.unsupported-file-system} where names cannot be read as bytes
     */
    public static TreeSummary of(Path folder, Cancellation cancellation) {
        return FolderSummary.read(folder, cancellation);
    }

    /** How many paths there are, the root among them. */
    public int size() {
        return nodes.size();
    }

    /** What is at a path. */
    public Optional<TreeNode> node(TreePath path) {
        return Optional.ofNullable(nodes.get(path.bytes()));
    }

    /**
     * Compares with a later tree; hears of each path that differs, in the order of their bytes.
     *
     * @param ignored what makes no difference, such as owners where an ordinary user unpacked
     */
    public void compare(TreeSummary later, Set<Property> ignored, Consumer<TreeChange> listener) {
        Iterator<Map.Entry<String, TreeNode>> left = nodes.entrySet().iterator();
        Iterator<Map.Entry<String, TreeNode>> right = later.nodes.entrySet().iterator();
        Map.@Nullable Entry<String, TreeNode> before = next(left);
        Map.@Nullable Entry<String, TreeNode> after = next(right);
        while (before != null || after != null) {
            int order = order(before, after);
            if (order < 0 && before != null) {
                listener.accept(new TreeChange.Removed(new TreePath(before.getKey()), before.getValue()));
            } else if (order > 0 && after != null) {
                listener.accept(new TreeChange.Added(new TreePath(after.getKey()), after.getValue()));
            } else if (before != null && after != null) {
                compare(before, after.getValue(), ignored, listener);
            }
            before = order <= 0 ? next(left) : before;
            after = order >= 0 ? next(right) : after;
        }
    }

    private static int order(
            Map.@Nullable Entry<String, TreeNode> before, Map.@Nullable Entry<String, TreeNode> after) {
        if (before == null || after == null) {
            return before == null ? 1 : -1;
        }
        return before.getKey().compareTo(after.getKey());
    }

    private static void compare(
            Map.Entry<String, TreeNode> before, TreeNode after, Set<Property> ignored, Consumer<TreeChange> listener) {
        EnumSet<Property> differences = EnumSet.noneOf(Property.class);
        differences.addAll(before.getValue().differences(after));
        differences.removeAll(ignored);
        if (!differences.isEmpty()) {
            listener.accept(
                    new TreeChange.Changed(new TreePath(before.getKey()), before.getValue(), after, differences));
        }
    }

    private static Map.@Nullable Entry<String, TreeNode> next(Iterator<Map.Entry<String, TreeNode>> entries) {
        return entries.hasNext() ? entries.next() : null;
    }
}
