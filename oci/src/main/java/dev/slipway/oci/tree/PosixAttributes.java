package dev.slipway.oci.tree;

import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.Errno;
import dev.slipway.posix.FileStatus;
import dev.slipway.posix.Handle;
import dev.slipway.posix.PosixException;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Gives entries their attributes in the one order that works: changing the owner takes set-id bits and capabilities away,
 * the mode may forbid to write attributes, and all of it changes times. What cannot be given is counted.
 */
final class PosixAttributes {
    private static final int SET_ID = 06000;
    private static final int OWNER_WRITES = 0600;
    /** To the system, this id means that nothing shall change. */
    private static final long NO_ID = 0xffff_ffffL;
    /** Every file system holds times between these. */
    private static final long SAFE_SECONDS = Integer.MAX_VALUE;

    private final FileSystemTraits traits;
    private final Shortfalls shortfalls;
    private final Set<Owner> refused = new HashSet<>();

    private record Owner(long uid, long gid) {}

    PosixAttributes(FileSystemTraits traits, Shortfalls shortfalls) {
        this.traits = traits;
        this.shortfalls = shortfalls;
    }

    /** The mode with which to make a file that then gets these attributes. */
    static int forNewFile(Attributes attributes) {
        int mode = attributes.mode() & 0777;
        return attributes.xattrs().isEmpty() ? mode : mode | OWNER_WRITES;
    }

    void applyToFile(Handle file, TreePath path, Attributes attributes) throws IOException {
        apply(new Opened(file), path, attributes, traits.created(forNewFile(attributes)));
        time(new Opened(file), path, attributes.modified());
    }

    /** Gives a special file all, by its name, since opening it would do something. */
    void applyToSpecialFile(DirectoryHandle parent, TreePath path, Attributes attributes) throws IOException {
        Named entry = new Named(parent, path.name());
        apply(entry, path, attributes, traits.created(forNewFile(attributes)));
        time(entry, path, attributes.modified());
    }

    /** Gives a symbolic link all but a mode, which it does not have. */
    void applyToLink(DirectoryHandle parent, TreePath path, Attributes attributes) throws IOException {
        Named link = new Named(parent, path.name());
        owner(link, path, attributes);
        xattrs(link, path, attributes.xattrs());
        time(link, path, attributes.modified());
    }

    /**
     * Gives a new directory all but the time, which entries that follow would change.
     *
     * @param made the permission bits it was made with
     * @param wanted the mode for now
     */
    void applyToDirectory(Handle directory, TreePath path, Attributes attributes, int made, int wanted)
            throws IOException {
        Opened entry = new Opened(directory);
        owner(entry, path, attributes);
        xattrs(entry, path, attributes.xattrs());
        mode(entry, path, wanted, traits.created(made));
    }

    /** Gives the root everything at last. */
    void applyToRoot(Handle root, Attributes attributes) throws IOException {
        apply(new Opened(root), TreePath.ROOT, attributes, -1);
        time(new Opened(root), TreePath.ROOT, attributes.modified());
    }

    /** Gives a directory the mode that had to wait. */
    void finalMode(Handle directory, TreePath path, int mode) throws IOException {
        mode(new Opened(directory), path, mode, -1);
    }

    void time(Handle directory, TreePath path, Instant modified) throws IOException {
        time(new Opened(directory), path, modified);
    }

    private void apply(Target entry, TreePath path, Attributes attributes, int created) throws IOException {
        boolean given = owner(entry, path, attributes);
        xattrs(entry, path, attributes.xattrs());
        // With a new owner, the system may have changed the mode by itself.
        mode(entry, path, attributes.mode(), given ? -1 : created);
    }

    private boolean owner(Target entry, TreePath path, Attributes attributes) throws IOException {
        if (attributes.uid() == traits.uid() && attributes.gid() == traits.gid()) {
            return false;
        }
        Owner owner = new Owner(attributes.uid(), attributes.gid());
        if (attributes.uid() == NO_ID || attributes.gid() == NO_ID || refused.contains(owner)) {
            shortfalls.add(Shortfall.OWNER, path);
            return false;
        }
        try {
            entry.owner(attributes.uid(), attributes.gid());
            return (attributes.mode() & SET_ID) != 0;
        } catch (PosixException e) {
            requireRefusal(e);
            refused.add(owner);
            shortfalls.add(Shortfall.OWNER, path);
            return false;
        }
    }

    private void xattrs(Target entry, TreePath path, Map<String, byte[]> xattrs) throws IOException {
        for (Map.Entry<String, byte[]> xattr : xattrs.entrySet()) {
            try {
                entry.xattr(xattr.getKey(), xattr.getValue());
            } catch (PosixException e) {
                if (e.errno() == Errno.IO || e.errno() == Errno.DQUOT) {
                    throw e;
                }
                // Also a lack of space: of that for attributes, which some file systems limit for each file.
                shortfalls.add(Shortfall.XATTR, path);
            } catch (IllegalArgumentException _) {
                // No name that the system could take.
                shortfalls.add(Shortfall.XATTR, path);
            }
        }
    }

    private void mode(Target entry, TreePath path, int wanted, int present) throws IOException {
        if (!traits.holdsModes()) {
            shortfalls.add(Shortfall.MODE, path);
            return;
        }
        if (wanted == present) {
            return;
        }
        try {
            entry.mode(wanted);
        } catch (PosixException e) {
            requireRefusal(e);
            shortfalls.add(Shortfall.MODE, path);
            return;
        }
        // Bits that this user may not set are left out without a word.
        if ((wanted & SET_ID) != 0 && entry.status().mode() != wanted) {
            shortfalls.add(Shortfall.MODE, path);
        }
    }

    private void time(Target entry, TreePath path, Instant modified) throws IOException {
        entry.modified(modified);
        boolean sure = traits.holdsTimes() && Math.abs(modified.getEpochSecond()) <= SAFE_SECONDS;
        // A time that a file system cannot hold becomes the nearest it can.
        if (!sure && !entry.status().modified().equals(modified)) {
            shortfalls.add(Shortfall.TIME, path);
        }
    }

    private static void requireRefusal(PosixException failure) throws PosixException {
        switch (failure.errno()) {
            case PERM, ACCES, INVAL, OPNOTSUPP, NOSYS, OVERFLOW -> {}
            default -> throw failure;
        }
    }

    /** An entry by handle or by name. */
    private sealed interface Target {
        void owner(long uid, long gid) throws IOException;

        void mode(int mode) throws IOException;

        void xattr(String attribute, byte[] value) throws IOException;

        void modified(Instant time) throws IOException;

        FileStatus status() throws IOException;
    }

    private record Opened(Handle handle) implements Target {
        @Override
        public void owner(long uid, long gid) throws IOException {
            handle.owner(uid, gid);
        }

        @Override
        public void mode(int mode) throws IOException {
            handle.mode(mode);
        }

        @Override
        public void xattr(String attribute, byte[] value) throws IOException {
            handle.xattr(attribute, value);
        }

        @Override
        public void modified(Instant time) throws IOException {
            handle.modified(time);
        }

        @Override
        public FileStatus status() throws IOException {
            return handle.status();
        }
    }

    private record Named(DirectoryHandle parent, String name) implements Target {
        @Override
        public void owner(long uid, long gid) throws IOException {
            parent.owner(name, uid, gid);
        }

        @Override
        public void mode(int mode) throws IOException {
            parent.mode(name, mode);
        }

        @Override
        public void xattr(String attribute, byte[] value) throws IOException {
            parent.xattr(name, attribute, value);
        }

        @Override
        public void modified(Instant time) throws IOException {
            parent.modified(name, time);
        }

        @Override
        public FileStatus status() throws IOException {
            return parent.status(name);
        }
    }
}
