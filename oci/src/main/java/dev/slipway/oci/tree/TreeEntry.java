package dev.slipway.oci.tree;

/** One entry of a flattened image, with its final attributes. */
public sealed interface TreeEntry {
    TreePath path();

    Attributes attributes();

    record Directory(TreePath path, Attributes attributes) implements TreeEntry {}

    /**
     * A file whose content comes with it.
     *
     * @param size in bytes
     * @param links how many names it has in the tree; the others follow as hard links
     */
    record RegularFile(TreePath path, Attributes attributes, long size, int links) implements TreeEntry {}

    /**
     * A symbolic link.
     *
     * @param target as it is, one byte in each char
     */
    record SymbolicLink(TreePath path, Attributes attributes, String target, int links) implements TreeEntry {}

    /** A device; {@code block} tells a block device from a character device. */
    record Device(TreePath path, Attributes attributes, boolean block, int major, int minor, int links)
            implements TreeEntry {}

    record Fifo(TreePath path, Attributes attributes, int links) implements TreeEntry {}

    /** One more name of an entry that came before. */
    record HardLink(TreePath path, Attributes attributes, TreePath target) implements TreeEntry {}
}
