package dev.slipway.oci.tree;

import java.util.List;

/** One entry of a flattened image, with its final attributes. */
public sealed interface TreeEntry {
    TreePath path();

    Attributes attributes();

    record Directory(TreePath path, Attributes attributes) implements TreeEntry {}

    /**
     * A file whose content comes with it.
     *
     * @param size in bytes, holes included
     * @param extents empty for a file without holes; else where its data lie, ascending and apart, all within the size: then
     *     the content that comes with the entry is the bytes of the extents, one after the other
     */
    record RegularFile(TreePath path, Attributes attributes, long size, List<Extent> extents) implements TreeEntry {
        public RegularFile {
            extents = List.copyOf(extents);
            long end = 0;
            for (Extent extent : extents) {
                if (extent.offset() < end || extent.end() > size) {
                    throw new IllegalArgumentException("extents of " + path + " overlap or go beyond its size");
                }
                end = extent.end();
            }
        }

        /** A file without holes. */
        public RegularFile(TreePath path, Attributes attributes, long size) {
            this(path, attributes, size, List.of());
        }

        /** How many bytes come with the entry: the size, less the holes. */
        public long contentSize() {
            return extents.isEmpty()
                    ? size
                    : extents.stream().mapToLong(Extent::length).sum();
        }
    }

    /**
     * A symbolic link.
     *
     * @param target as it is, one byte in each char
     */
    record SymbolicLink(TreePath path, Attributes attributes, String target) implements TreeEntry {}

    /** A device; {@code block} tells a block device from a character device. */
    record Device(TreePath path, Attributes attributes, boolean block, int major, int minor) implements TreeEntry {}

    record Fifo(TreePath path, Attributes attributes) implements TreeEntry {}

    /** One more name of an entry that came before. */
    record HardLink(TreePath path, Attributes attributes, TreePath target) implements TreeEntry {}
}
