package dev.slipway.oci.tree;

import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.FileHandle;
import dev.slipway.posix.FileKind;
import dev.slipway.posix.PosixException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Gives entries further names; where the file system cannot, copies of them. */
final class HardLinks {
    private final DirectoryHandle root;
    private final OpenDirectories folders;
    private final PosixAttributes attributes;
    private final Shortfalls shortfalls;
    /** The latest copy of an entry that can have no more names: it can have some in its place. */
    private final Map<TreePath, TreePath> copies = new HashMap<>();

    private final byte[] buffer = new byte[1 << 16];

    HardLinks(DirectoryHandle root, OpenDirectories folders, PosixAttributes attributes, Shortfalls shortfalls) {
        this.root = root;
        this.folders = folders;
        this.attributes = attributes;
        this.shortfalls = shortfalls;
    }

    void clear() {
        copies.clear();
    }

    void add(TreeEntry.HardLink entry) throws IOException {
        TreePath path = entry.path();
        TreePath target = copies.getOrDefault(entry.target(), entry.target());
        // Opened for itself, for the cache may close it while it opens the other.
        try (DirectoryHandle from = root.openBelow(target.parent().components())) {
            DirectoryHandle to = folders.open(path.parent());
            try {
                from.link(target.name(), to, path.name());
            } catch (PosixException e) {
                switch (e.errno()) {
                    case PERM, OPNOTSUPP, MLINK, NOSYS -> copy(from, target.name(), to, entry);
                    default -> throw e;
                }
            }
        }
    }

    private void copy(DirectoryHandle from, String name, DirectoryHandle to, TreeEntry.HardLink entry)
            throws IOException {
        TreePath path = entry.path();
        FileKind kind = from.status(name).kind();
        if (kind == FileKind.FILE) {
            copyFile(from, name, to, entry);
        } else if (kind == FileKind.SYMBOLIC_LINK) {
            to.makeSymbolicLink(path.name(), from.symbolicLink(name));
            attributes.applyToLink(to, path, entry.attributes());
        } else {
            shortfalls.add(Shortfall.SPECIAL_FILE, path);
            return;
        }
        copies.put(entry.target(), path);
        shortfalls.add(Shortfall.HARD_LINK, path);
    }

    private void copyFile(DirectoryHandle from, String name, DirectoryHandle to, TreeEntry.HardLink entry)
            throws IOException {
        int mode = PosixAttributes.forNewFile(entry.attributes());
        try (FileHandle source = from.openFile(name);
                FileHandle file = to.createFile(entry.path().name(), mode)) {
            for (int read = source.read(buffer, 0, buffer.length);
                    read > 0;
                    read = source.read(buffer, 0, buffer.length)) {
                file.write(buffer, 0, read);
            }
            attributes.applyToFile(file, entry.path(), entry.attributes());
        }
    }
}
