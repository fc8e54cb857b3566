package dev.slipway.oci.tree;

import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.Errno;
import dev.slipway.posix.FileKind;
import dev.slipway.posix.FileStatus;
import dev.slipway.posix.Posix;
import dev.slipway.posix.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * The folder in which a tree grows before it has its name: private, and locked for as long as its process lives, by which
 * leftovers are told from folders in use.
 */
final class PosixStaging implements AutoCloseable {
    private static final String MARK = ".slipway-unpack-";
    private static final int MAX_PREFIX = 200;
    private static final int PRIVATE = 0700;
    /** What a directory hands down to everything made in it. */
    private static final List<String> INHERITED = List.of("system.posix_acl_default", "system.posix_acl_access");

    private final Path target;
    private final DirectoryHandle home;
    private final boolean inside;
    private final String name;
    private final DirectoryHandle root;
    private boolean published;

    private PosixStaging(Path target, DirectoryHandle home, boolean inside, String name, DirectoryHandle root) {
        this.target = target;
        this.home = home;
        this.inside = inside;
        this.name = name;
        this.root = root;
    }

    /** Makes one for a target; it lies in the target where it cannot lie beside it. */
    static PosixStaging create(Path wanted) throws IOException {
        // A link to an empty directory is as good as the directory.
        Path target = Files.isDirectory(wanted) ? wanted.toRealPath() : wanted;
        Path parent = target.getParent();
        if (parent == null) {
            throw notEmpty(target);
        }
        Files.createDirectories(parent);
        boolean present = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        if (present) {
            requireEmpty(target);
        }
        boolean inside = present && !canLieBeside(parent, target);
        return inside ? createIn(target, target, true, MARK) : createIn(target, parent, false, prefix(target));
    }

    private static String prefix(Path target) {
        String name = nameOf(target);
        return "." + name.substring(0, Math.min(name.length(), MAX_PREFIX)) + MARK;
    }

    private static void requireEmpty(Path target) throws IOException {
        if (!Files.isDirectory(target)) {
            throw notEmpty(target);
        }
        try (DirectoryHandle present = DirectoryHandle.open(target)) {
            sweep(present, MARK);
            if (!present.names().isEmpty()) {
                throw notEmpty(target);
            }
        }
    }

    /** Whether a folder may be made beside an existing target, and renamed onto it. */
    private static boolean canLieBeside(Path parent, Path target) throws IOException {
        String probe = prefix(target) + random();
        try (DirectoryHandle beside = DirectoryHandle.open(parent);
                DirectoryHandle present = DirectoryHandle.open(target)) {
            if (present.status().device() != beside.status().device()) {
                return false;
            }
            beside.makeDirectory(probe, PRIVATE);
            beside.removeDirectory(probe);
            return true;
        } catch (PosixException e) {
            if (e.errno() == Errno.ACCES || e.errno() == Errno.PERM || e.errno() == Errno.ROFS) {
                return false;
            }
            throw e;
        }
    }

    private static PosixStaging createIn(Path target, Path folder, boolean inside, String prefix) throws IOException {
        DirectoryHandle home = DirectoryHandle.open(folder);
        boolean kept = false;
        try {
            sweep(home, prefix);
            String name = prefix + random();
            @Nullable DirectoryHandle root = make(home, name);
            while (root == null) {
                name = prefix + random();
                root = make(home, name);
            }
            kept = true;
            return new PosixStaging(target, home, inside, name, root);
        } finally {
            if (!kept) {
                home.close();
            }
        }
    }

    /** Makes and locks a folder; null when it was swept away at the same moment, taken for a leftover. */
    private static @Nullable DirectoryHandle make(DirectoryHandle home, String name) throws IOException {
        home.makeDirectory(name, PRIVATE);
        DirectoryHandle root = home.openDirectory(name);
        boolean kept = false;
        try {
            kept = isLocked(root, true) && isStill(home, name, root);
            if (!kept) {
                return null;
            }
            makePlain(root);
            return root;
        } finally {
            if (!kept) {
                root.close();
            }
        }
    }

    /** Locks a folder; the other answer is for file systems without locks, where leftovers stay. */
    private static boolean isLocked(DirectoryHandle folder, boolean withoutLocks) throws IOException {
        try {
            return folder.tryLock();
        } catch (PosixException _) {
            return withoutLocks;
        }
    }

    private static String random() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }

    private static boolean isStill(DirectoryHandle home, String name, DirectoryHandle root) throws IOException {
        try {
            return home.status(name).isSameFile(root.status());
        } catch (PosixException e) {
            if (e.errno() == Errno.NOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Takes away what the folder around handed down, so that entries get nothing but their own attributes. */
    private static void makePlain(DirectoryHandle root) throws IOException {
        for (String inherited : INHERITED) {
            root.removeXattr(inherited);
        }
        FileStatus status = root.status();
        if (status.gid() != Posix.effectiveGroup()) {
            try {
                root.owner(status.uid(), Posix.effectiveGroup());
            } catch (PosixException _) {
                // A file system that decides itself about owners.
                return;
            }
        }
        if (status.mode() != PRIVATE) {
            root.mode(PRIVATE);
        }
    }

    /** Removes what killed processes left. */
    private static void sweep(DirectoryHandle home, String prefix) throws IOException {
        for (String name : home.names()) {
            if (name.startsWith(prefix) && home.status(name).kind() == FileKind.DIRECTORY) {
                sweepOne(home, name);
            }
        }
    }

    private static void sweepOne(DirectoryHandle home, String name) throws IOException {
        try (DirectoryHandle leftover = home.openDirectory(name)) {
            if (isLocked(leftover, false) && isStill(home, name, leftover)) {
                TreeRemoval.remove(home, name);
            }
        } catch (PosixException e) {
            // Someone else's, or gone already.
            if (e.errno() != Errno.ACCES && e.errno() != Errno.PERM && e.errno() != Errno.NOENT) {
                throw e;
            }
        }
    }

    private static OciException notEmpty(Path target) {
        return new OciException(
                "oci.folder-not-empty",
                ErrorKind.CONFLICT,
                "Unpacking into " + target + " was refused: it is not empty.",
                "Choose a new or an empty folder.",
                null);
    }

    /** The directory that entries lie in; open until this is closed. */
    DirectoryHandle root() {
        return root;
    }

    /** What has to be done to the root when nothing more is put into it. */
    @FunctionalInterface
    interface Finish {
        void root(DirectoryHandle directory) throws IOException;
    }

    /** Gives the tree its name. */
    void publish(boolean durable, Finish finish) throws IOException {
        if (!isStill(home, name, root)) {
            throw new OciException(
                    "oci.staging-changed",
                    ErrorKind.CONFLICT,
                    "Unpacking into " + target + " failed: somebody has moved the folder in which the tree was made.",
                    "Unpack again, where no one else works.",
                    null);
        }
        if (inside) {
            publishInside(finish);
        } else {
            finish.root(root);
        }
        if (durable) {
            root.syncFileSystem();
        }
        if (!inside) {
            rename();
        }
        published = true;
        if (durable) {
            home.sync();
        }
    }

    private void rename() throws IOException {
        try {
            // Of directories, only an empty one is ever replaced.
            home.rename(name, home, nameOf(target), true);
        } catch (PosixException e) {
            if (e.errno() == Errno.NOTEMPTY || e.errno() == Errno.EXIST || e.errno() == Errno.NOTDIR) {
                throw notEmpty(target);
            }
            throw e;
        }
    }

    private static String nameOf(Path target) {
        return DirectoryHandle.bytesOf(target.getName(target.getNameCount() - 1));
    }

    private void publishInside(Finish finish) throws IOException {
        if (!home.names().equals(List.of(name))) {
            throw notEmpty(target);
        }
        for (String entry : root.names()) {
            moveOut(entry);
        }
        home.removeDirectory(name);
        finish.root(home);
    }

    private void moveOut(String entry) throws IOException {
        try {
            root.rename(entry, home, entry, true);
        } catch (PosixException e) {
            FileStatus status = root.status(entry);
            if (e.errno() != Errno.ACCES || status.kind() != FileKind.DIRECTORY) {
                throw e;
            }
            // A directory gets another parent only from who may write into it.
            root.mode(entry, PRIVATE);
            root.rename(entry, home, entry, true);
            home.mode(entry, status.mode());
        }
    }

    /** Removes the folder unless it has become the tree. */
    @Override
    public void close() throws IOException {
        try (home;
                root) {
            if (published) {
                return;
            }
            // The image may have taken the owner's own permissions away.
            root.mode(PRIVATE);
            TreeRemoval.removeChildren(root);
            if (isStill(home, name, root)) {
                home.removeDirectory(name);
            }
        }
    }
}
