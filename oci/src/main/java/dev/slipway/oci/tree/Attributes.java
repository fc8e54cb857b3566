package dev.slipway.oci.tree;

import java.time.Instant;
import java.util.Map;

/**
 * What every kind of entry has.
 *
 * @param mode permission bits with set-user-id, set-group-id and sticky: 0 to 07777
 * @param uid owner, 0 to 2^32 - 1
 * @param gid group, 0 to 2^32 - 1
 * @param modified to the nanosecond, before 1970 too
 * @param xattrs extended attributes by full name, such as {@code security.capability}; the values are not copied and must
 *     not be changed
 */
public record Attributes(int mode, long uid, long gid, Instant modified, Map<String, byte[]> xattrs) {
    private static final long MAX_ID = 0xFFFF_FFFFL;

    public Attributes {
        if ((mode & ~07777) != 0 || uid < 0 || uid > MAX_ID || gid < 0 || gid > MAX_ID) {
            throw new IllegalArgumentException("mode " + Integer.toOctalString(mode) + ", uid " + uid + ", gid " + gid);
        }
        xattrs = Map.copyOf(xattrs);
    }

    /** Owned by root, without extended attributes. */
    public static Attributes of(int mode, Instant modified) {
        return new Attributes(mode, 0, 0, modified, Map.of());
    }
}
