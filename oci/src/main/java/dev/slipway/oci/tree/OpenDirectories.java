package dev.slipway.oci.tree;

import dev.slipway.posix.DirectoryHandle;
import java.io.IOException;
import java.util.LinkedHashMap;

/**
 * Open handles on the directories of a tree that were used last. Every step down from the root refuses to follow a link, and
 * a handle stays with its directory whatever is renamed, so that nobody can lead a writer elsewhere.
 */
final class OpenDirectories {
    /** More than the depth of nearly every tree, and few beside the usual limit of 1,024 open files. */
    private static final int CAPACITY = 128;

    private final DirectoryHandle root;
    private final LinkedHashMap<String, DirectoryHandle> handles = LinkedHashMap.newLinkedHashMap(CAPACITY);

    /** Starts from a root, which stays open. */
    OpenDirectories(DirectoryHandle root) {
        this.root = root;
    }

    /** A handle on a directory of the tree, which stays open at least until the next call. */
    DirectoryHandle open(TreePath directory) throws IOException {
        return directory.isRoot() ? root : open(directory.bytes());
    }

    private DirectoryHandle open(String path) throws IOException {
        DirectoryHandle known = handles.remove(path);
        if (known == null) {
            int slash = path.lastIndexOf('/');
            DirectoryHandle parent = slash < 0 ? root : open(path.substring(0, slash));
            known = parent.openDirectory(path.substring(slash + 1));
            makeRoom();
        }
        // The last one in is the last one out.
        handles.put(path, known);
        return known;
    }

    private void makeRoom() throws IOException {
        if (handles.size() >= CAPACITY) {
            handles.pollFirstEntry().getValue().close();
        }
    }

    /** Closes all handles but the root's: directories are looked up anew. */
    void clear() throws IOException {
        for (DirectoryHandle handle : handles.values()) {
            handle.close();
        }
        handles.clear();
    }
}
