package dev.slipway.oci.tree;

import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.Errno;
import dev.slipway.posix.FileKind;
import dev.slipway.posix.PosixException;
import java.io.IOException;

/** Removes trees without following a link, also where directories may not be read or written. */
final class TreeRemoval {
    private static final int OWNER_ALL = 0700;

    private TreeRemoval() {}

    /** Removes an entry and all below it; does nothing when there is none. */
    static void remove(DirectoryHandle parent, String name) throws IOException {
        try {
            parent.removeFile(name);
            return;
        } catch (PosixException e) {
            if (e.errno() == Errno.NOENT) {
                return;
            }
            // Which of them a directory gives differs between file systems.
            if (e.errno() != Errno.ISDIR && e.errno() != Errno.PERM) {
                throw e;
            }
            if (parent.status(name).kind() != FileKind.DIRECTORY) {
                throw e;
            }
        }
        removeDirectory(parent, name);
    }

    private static void removeDirectory(DirectoryHandle parent, String name) throws IOException {
        try {
            // Directories are often empty, and then need no look inside.
            parent.removeDirectory(name);
            return;
        } catch (PosixException e) {
            if (e.errno() == Errno.NOENT) {
                return;
            }
            if (e.errno() != Errno.NOTEMPTY && e.errno() != Errno.EXIST) {
                throw e;
            }
        }
        if ((parent.status(name).mode() & OWNER_ALL) != OWNER_ALL) {
            parent.mode(name, OWNER_ALL);
        }
        try (DirectoryHandle directory = parent.openDirectory(name)) {
            removeChildren(directory);
        }
        parent.removeDirectory(name);
    }

    /** Removes all that is in a directory. */
    static void removeChildren(DirectoryHandle directory) throws IOException {
        for (String child : directory.names()) {
            remove(directory, child);
        }
    }
}
