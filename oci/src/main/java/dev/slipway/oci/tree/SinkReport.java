package dev.slipway.oci.tree;

import java.util.ArrayList;
import java.util.List;

/**
 * What a directory could not hold of an image.
 *
 * @param owners entries that belong to someone else than the image says
 * @param specialFiles devices and fifos left out, with their hard links
 * @param xattrs extended attributes left out
 * @param modes entries without some of their set-id or sticky bits
 * @param times entries whose time is not exact
 * @param targets symbolic links whose target is written otherwise, leading to the same place
 */
public record SinkReport(long owners, long specialFiles, long xattrs, long modes, long times, long targets) {
    /** Whether everything could be held. */
    public boolean complete() {
        return owners + specialFiles + xattrs + modes + times + targets == 0;
    }

    /** Such as {@code 3 owners, 1 special file}; empty when {@link #complete}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        append(parts, owners, "owner");
        append(parts, specialFiles, "special file");
        append(parts, xattrs, "extended attribute");
        append(parts, modes, "mode");
        append(parts, times, "time");
        append(parts, targets, "link target");
        return String.join(", ", parts);
    }

    private static void append(List<String> parts, long count, String what) {
        if (count > 0) {
            parts.add(count + " " + what + (count == 1 ? "" : "s"));
        }
    }
}
