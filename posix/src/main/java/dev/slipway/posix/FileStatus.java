package dev.slipway.posix;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;

/**
 * What the system knows about a file.
 *
 * @param mode permission bits with set-user-id, set-group-id and sticky
 * @param links how many names it has
 * @param size in bytes
 * @param allocated bytes that it takes on disk
 * @param device the file system that it lies on; with the inode it tells one file from all others
 * @param major of a device file, the driver that it stands for; else 0
 * @param minor of a device file, which of the driver's devices; else 0
 */
public record FileStatus(
        FileKind kind,
        int mode,
        long uid,
        long gid,
        long links,
        long size,
        long allocated,
        long inode,
        long device,
        int major,
        int minor,
        Instant modified) {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /** Reads a {@code struct statx}. */
    static FileStatus of(MemorySegment statx) {
        int mode = statx.get(ValueLayout.JAVA_SHORT, 28) & 0xffff;
        return new FileStatus(
                FileKind.of(mode),
                mode & 07777,
                Integer.toUnsignedLong(statx.get(INT, 20)),
                Integer.toUnsignedLong(statx.get(INT, 24)),
                Integer.toUnsignedLong(statx.get(INT, 16)),
                statx.get(LONG, 40),
                statx.get(LONG, 48) * 512,
                statx.get(LONG, 32),
                (long) statx.get(INT, 136) << 32 | Integer.toUnsignedLong(statx.get(INT, 140)),
                statx.get(INT, 128),
                statx.get(INT, 132),
                Instant.ofEpochSecond(statx.get(LONG, 112), Integer.toUnsignedLong(statx.get(INT, 120))));
    }

    /** Whether both are the same file. */
    public boolean isSameFile(FileStatus other) {
        return inode == other.inode && device == other.device;
    }
}
