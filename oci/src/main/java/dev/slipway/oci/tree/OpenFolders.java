package dev.slipway.oci.tree;

import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Open handles on the folders from a root down to the one used last. Every step down refuses to follow a symbolic link, and
 * a handle stays with its folder whatever is renamed, so that nobody can lead a writer elsewhere.
 */
final class OpenFolders implements AutoCloseable {
    private final List<String> names = new ArrayList<>();
    private final List<SecureDirectoryStream<Path>> handles = new ArrayList<>();

    OpenFolders(Path root) throws IOException {
        handles.add(secure(Files.newDirectoryStream(root), root));
    }

    @SuppressWarnings("MustBeClosedChecker")
    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream, Path root) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new OciException(
                "oci.unsupported-file-system",
                ErrorKind.EXHAUSTED,
                "Unpacking into " + root + " was refused: its file system gives no safe handles on folders.",
                "Choose a folder on a local Linux file system.",
                null);
    }

    /** A handle on a folder in the tree; valid until the next call. */
    SecureDirectoryStream<Path> open(TreePath folder) throws IOException {
        List<String> wanted = folder.components();
        int common = 0;
        while (common < names.size()
                && common < wanted.size()
                && names.get(common).equals(wanted.get(common))) {
            common++;
        }
        while (names.size() > common) {
            names.removeLast();
            handles.removeLast().close();
        }
        for (String name : wanted.subList(common, wanted.size())) {
            handles.add(handles.getLast().newDirectoryStream(FileNames.path(name), LinkOption.NOFOLLOW_LINKS));
            names.add(name);
        }
        return handles.getLast();
    }

    /** Closes all handles but the root's. */
    void leave() throws IOException {
        open(TreePath.ROOT);
    }

    @Override
    public void close() throws IOException {
        for (SecureDirectoryStream<Path> handle : handles.reversed()) {
            handle.close();
        }
    }
}
