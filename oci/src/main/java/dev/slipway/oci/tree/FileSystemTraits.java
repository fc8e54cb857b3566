package dev.slipway.oci.tree;

import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.FileHandle;
import dev.slipway.posix.FileStatus;
import dev.slipway.posix.PosixException;
import java.io.IOException;
import java.time.Instant;

/**
 * What a new file gets by itself, found out by making one, so that only what differs needs a call for each file.
 *
 * @param mask permission bits that a new file does not get
 * @param uid who owns it
 * @param gid its group
 * @param holdsModes whether it has the mode that it was given
 * @param holdsTimes whether it has the time that it was given, to the nanosecond
 */
record FileSystemTraits(int mask, long uid, long gid, boolean holdsModes, boolean holdsTimes) {
    private static final String PROBE = ".probe";
    private static final int ALL = 0777;
    /** No file system sets this one by itself. */
    private static final int ODD_MODE = 0604;

    private static final Instant ODD_TIME = Instant.ofEpochSecond(1_234_567_891, 123_456_789);

    static FileSystemTraits of(DirectoryHandle empty) throws IOException {
        try (FileHandle probe = empty.createFile(PROBE, ALL)) {
            FileStatus made = probe.status();
            probe.modified(ODD_TIME);
            boolean modes = true;
            try {
                probe.mode(ODD_MODE);
            } catch (PosixException _) {
                modes = false;
            }
            FileStatus changed = probe.status();
            return new FileSystemTraits(
                    ALL & ~made.mode(),
                    made.uid(),
                    made.gid(),
                    modes && changed.mode() == ODD_MODE,
                    changed.modified().equals(ODD_TIME));
        } finally {
            empty.removeFile(PROBE);
        }
    }

    /** The mode that a new file has when it is made with these bits. */
    int created(int mode) {
        return mode & ALL & ~mask;
    }
}
