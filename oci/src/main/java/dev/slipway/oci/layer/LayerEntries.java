package dev.slipway.oci.layer;

import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** From headers to what a sink receives. */
final class LayerEntries {
    /** A directory that no layer mentions, but something lies in. */
    static final Attributes IMPLIED = Attributes.of(0755, Instant.EPOCH);

    /** Attributes that belong to one machine or one union file system, and mean nothing elsewhere. */
    private static final List<String> LOCAL_XATTRS = List.of("security.selinux", "trusted.overlay.", "user.overlay.");
    /** The longest that Linux can hold. */
    private static final int MAX_LINK_TARGET = 4095;

    private LayerEntries() {}

    /** The attributes that a tree has, which are all but a few. */
    static Attributes portable(Attributes attributes) {
        if (attributes.xattrs().isEmpty()) {
            return attributes;
        }
        Map<String, byte[]> kept = new HashMap<>(attributes.xattrs());
        kept.keySet().removeIf(name -> LOCAL_XATTRS.stream().anyMatch(name::startsWith));
        return new Attributes(attributes.mode(), attributes.uid(), attributes.gid(), attributes.modified(), kept);
    }

    /** Refuses what no tree can hold there. */
    static void requireHoldable(TreePath path, TarHeader header) {
        if (path.isRoot() && header.type() != TarType.DIRECTORY) {
            throw LayerName.invalid(path, "the root must be a directory");
        }
        boolean link = header.type() == TarType.SYMBOLIC_LINK;
        if (link && (header.linkName().isEmpty() || header.linkName().length() > MAX_LINK_TARGET)) {
            throw LayerName.invalid(
                    path, "the symbolic link's target is empty or longer than " + MAX_LINK_TARGET + " bytes");
        }
    }

    /** The entry of anything but a directory or a hard link. */
    static TreeEntry leaf(TreePath path, Attributes attributes, TarHeader header) {
        return switch (header.type()) {
            case FILE -> new TreeEntry.RegularFile(path, attributes, header.size(), header.extents());
            case SYMBOLIC_LINK -> new TreeEntry.SymbolicLink(path, attributes, header.linkName());
            case CHARACTER_DEVICE -> new TreeEntry.Device(path, attributes, false, header.major(), header.minor());
            case BLOCK_DEVICE -> new TreeEntry.Device(path, attributes, true, header.major(), header.minor());
            case FIFO -> new TreeEntry.Fifo(path, attributes);
            case DIRECTORY, HARD_LINK -> throw new IllegalStateException(header.type() + " is no leaf");
        };
    }
}
