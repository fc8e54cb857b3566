package dev.slipway.oci.tar;

import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.Extent;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * One entry of a tar archive without its content.
 *
 * <p>Names in archives are bytes, not text: {@code name} and {@code linkName} hold one byte in each char (ISO 8859-1).
 *
 * @param name as it stands in the archive
 * @param size of the file in bytes, holes included; 0 unless the type is {@link TarType#FILE}
 * @param linkName the target of a link; else empty
 * @param major device number; 0 unless a device
 * @param minor device number; 0 unless a device
 * @param extents where a sparse file's data lie, as {@link dev.slipway.oci.tree.TreeEntry.RegularFile} has them; else empty
 */
public record TarHeader(
        String name,
        TarType type,
        Attributes attributes,
        long size,
        String linkName,
        int major,
        int minor,
        List<Extent> extents) {
    public TarHeader {
        extents = List.copyOf(extents);
    }

    /** The header of anything but a sparse file. */
    public TarHeader(
            String name, TarType type, Attributes attributes, long size, String linkName, int major, int minor) {
        this(name, type, attributes, size, linkName, major, minor, List.of());
    }

    /** Writes text as UTF-8, one byte in each char. */
    public static String bytesOf(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    /** Reads one byte in each char as UTF-8; for showing to people only, since it may lose bytes. */
    public static String textOf(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }
}
