package dev.slipway.oci.diff;

import dev.slipway.base.Digest;
import dev.slipway.oci.tree.TreePath;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of one path of a tree; of its content, the digest.
 *
 * @param mode permission bits with set-user-id, set-group-id and sticky
 * @param size of a file, in bytes, holes included; else 0
 * @param content the digest of a file's bytes, holes read as zeros; empty for anything else
 * @param target of a symbolic link, one byte in each char; else empty
 * @param major of a device; else 0
 * @param minor of a device; else 0
 * @param xattrs by full name; the values must not be changed
 * @param shared the first, in order of names, of all the paths that name this same file, when there are several
 */
public record TreeNode(
        Type type,
        int mode,
        long uid,
        long gid,
        long size,
        Optional<Digest> content,
        String target,
        int major,
        int minor,
        Map<String, byte[]> xattrs,
        Optional<TreePath> shared) {
    /** What a path is. */
    public enum Type {
        DIRECTORY,
        FILE,
        SYMBOLIC_LINK,
        CHARACTER_DEVICE,
        BLOCK_DEVICE,
        FIFO,
        /** Only a folder may hold one, never an image. */
        SOCKET
    }

    /** In what two paths may differ. Times are no difference: those that unpack and those that build set them at will. */
    public enum Property {
        TYPE,
        MODE,
        OWNER,
        SIZE,
        CONTENT,
        LINK_TARGET,
        DEVICE,
        XATTRS,
        /** Which other paths name the same file. */
        HARD_LINKS
    }

    public TreeNode {
        xattrs = Map.copyOf(xattrs);
    }

    TreeNode withShared(TreePath first) {
        return new TreeNode(type, mode, uid, gid, size, content, target, major, minor, xattrs, Optional.of(first));
    }

    /** In what another node differs from this one; of different types, nothing else is compared but owners. */
    public Set<Property> differences(TreeNode other) {
        EnumSet<Property> differences = EnumSet.noneOf(Property.class);
        add(differences, Property.OWNER, uid != other.uid || gid != other.gid);
        if (type != other.type) {
            differences.add(Property.TYPE);
            return differences;
        }
        // A symbolic link's mode means nothing, and no system keeps it.
        add(differences, Property.MODE, mode != other.mode && type != Type.SYMBOLIC_LINK);
        add(differences, Property.SIZE, size != other.size);
        add(differences, Property.CONTENT, !content.equals(other.content));
        add(differences, Property.LINK_TARGET, !target.equals(other.target));
        add(differences, Property.DEVICE, major != other.major || minor != other.minor);
        add(differences, Property.XATTRS, !sameXattrs(other));
        add(differences, Property.HARD_LINKS, !shared.equals(other.shared));
        return differences;
    }

    private static void add(Set<Property> differences, Property property, boolean differs) {
        if (differs) {
            differences.add(property);
        }
    }

    private boolean sameXattrs(TreeNode other) {
        return xattrs.keySet().equals(other.xattrs.keySet())
                && xattrs.entrySet().stream()
                        .allMatch(entry -> Arrays.equals(entry.getValue(), other.xattrs.get(entry.getKey())));
    }
}
