package dev.slipway.oci.diff;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import dev.slipway.oci.diff.TreeNode.Type;
import dev.slipway.oci.tree.TreePath;
import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.FileHandle;
import dev.slipway.posix.FileKind;
import dev.slipway.posix.FileStatus;
import dev.slipway.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Reads a folder by the bytes of its names. */
final class FolderSummary {
    private static final int BUFFER = 1 << 16;

    private final DirectoryHandle root;
    private final Cancellation cancellation;
    private final byte[] buffer = new byte[BUFFER];
    private final Map<String, TreeNode> nodes = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private final Map<FileId, String> seen = new HashMap<>();
    private final Deque<TreePath> folders = new ArrayDeque<>();

    private record FileId(long device, long inode) {}

    private FolderSummary(DirectoryHandle root, Cancellation cancellation) {
        this.root = root;
        this.cancellation = cancellation;
    }

    static TreeSummary read(Path folder, Cancellation cancellation) {
        if (!Posix.isAvailable()) {
            throw new OciException(
                    "oci.unsupported-file-system",
                    ErrorKind.EXHAUSTED,
                    "Reading " + folder + " as it is was refused: there are no system calls here (" + Posix.whyNot()
                            + ").",
                    "Compare on Linux.",
                    null);
        }
        try (DirectoryHandle root = DirectoryHandle.open(folder)) {
            return new FolderSummary(root, cancellation).read();
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + folder, e);
        }
    }

    private TreeSummary read() throws IOException {
        nodes.put("", node(root.status(), Optional.empty(), "", root.xattrs()));
        folders.add(TreePath.ROOT);
        while (!folders.isEmpty()) {
            TreePath folder = folders.removeLast();
            try (DirectoryHandle handle = root.openBelow(folder.components())) {
                for (String name : handle.names()) {
                    cancellation.throwIfCancelled();
                    add(handle, folder.child(name), name);
                }
            }
        }
        return TreeSummary.of(nodes, links);
    }

    private void add(DirectoryHandle folder, TreePath path, String name) throws IOException {
        FileStatus status = folder.status(name);
        if (status.kind() == FileKind.DIRECTORY) {
            folders.add(path);
        } else if (status.links() > 1) {
            String first = seen.putIfAbsent(new FileId(status.device(), status.inode()), path.bytes());
            if (first != null) {
                links.put(path.bytes(), first);
                return;
            }
        }
        Optional<Digest> content =
                status.kind() == FileKind.FILE ? Optional.of(digest(folder, name)) : Optional.empty();
        String target = status.kind() == FileKind.SYMBOLIC_LINK ? folder.symbolicLink(name) : "";
        nodes.put(path.bytes(), node(status, content, target, folder.xattrs(name)));
    }

    private Digest digest(DirectoryHandle folder, String name) throws IOException {
        MessageDigest hasher = Digest.hasher("sha256");
        try (FileHandle file = folder.openFile(name)) {
            for (int read = file.read(buffer, 0, BUFFER); read >= 0; read = file.read(buffer, 0, BUFFER)) {
                cancellation.throwIfCancelled();
                hasher.update(buffer, 0, read);
            }
        }
        return Digest.of("sha256", hasher.digest());
    }

    private static TreeNode node(
            FileStatus status, Optional<Digest> content, String target, Map<String, byte[]> xattrs) {
        Map<String, byte[]> kept = new HashMap<>(xattrs);
        // The host's own mark on every file; no image says anything of it.
        kept.remove("security.selinux");
        return new TreeNode(
                type(status.kind()),
                status.mode(),
                status.uid(),
                status.gid(),
                status.kind() == FileKind.FILE ? status.size() : 0,
                content,
                target,
                status.major(),
                status.minor(),
                kept,
                Optional.empty());
    }

    private static Type type(FileKind kind) {
        return switch (kind) {
            case FIFO -> Type.FIFO;
            case CHARACTER_DEVICE -> Type.CHARACTER_DEVICE;
            case DIRECTORY -> Type.DIRECTORY;
            case BLOCK_DEVICE -> Type.BLOCK_DEVICE;
            case FILE -> Type.FILE;
            case SYMBOLIC_LINK -> Type.SYMBOLIC_LINK;
            case SOCKET -> Type.SOCKET;
        };
    }
}
