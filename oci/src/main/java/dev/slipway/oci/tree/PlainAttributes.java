package dev.slipway.oci.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives files their attributes, as far as the JDK and this user can, and counts what they cannot. */
final class PlainAttributes {
    private static final String USER_XATTR = "user.";
    private static final int PERMISSIONS = 0777;
    /** The JDK counts a file's time in nanoseconds in a long. */
    private static final Instant LATEST = Instant.ofEpochSecond(Long.MAX_VALUE / 1_000_000_000L);

    private final Shortfalls shortfalls = new Shortfalls();

    /**
     * Applies everything to a file, in the one order that works: changing the owner takes set-id bits and capabilities
     * away, and the JDK opens a file to set its time, which its mode may forbid.
     */
    void applyToFile(Path file, TreePath path, Attributes attributes) throws IOException {
        owner(file, path, attributes);
        xattrs(file, path, attributes);
        time(file, path, attributes.modified());
        mode(file, path, attributes.mode());
    }

    /** Applies everything but the time, which entries that follow would change. */
    void applyToDirectory(Path directory, TreePath path, Attributes attributes, int mode) throws IOException {
        owner(directory, path, attributes);
        xattrs(directory, path, attributes);
        mode(directory, path, mode);
    }

    /** Applies owner and time to a symbolic link itself. */
    void applyToLink(Path link, TreePath path, Attributes attributes) throws IOException {
        owner(link, path, attributes);
        attributes.xattrs().forEach((_, _) -> shortfalls.add(Shortfall.XATTR, path));
        time(link, path, attributes.modified());
    }

    private void time(Path file, TreePath path, Instant modified) throws IOException {
        Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .setTimes(settable(path, modified), null, null);
    }

    /** The nearest time that the JDK can set. */
    FileTime settable(TreePath path, Instant modified) {
        Instant nearest = modified;
        if (modified.isAfter(LATEST)) {
            nearest = LATEST;
        } else if (modified.getEpochSecond() < 0) {
            nearest = Instant.ofEpochSecond(Math.max(modified.getEpochSecond(), -LATEST.getEpochSecond()));
        }
        if (!nearest.equals(modified)) {
            shortfalls.add(Shortfall.TIME, path);
        }
        return FileTime.from(nearest);
    }

    private void owner(Path file, TreePath path, Attributes attributes) throws IOException {
        Map<String, Object> present = Files.readAttributes(file, "unix:uid,gid", LinkOption.NOFOLLOW_LINKS);
        boolean uid = !Integer.valueOf((int) attributes.uid()).equals(present.get("uid"));
        boolean gid = !Integer.valueOf((int) attributes.gid()).equals(present.get("gid"));
        if (!uid && !gid) {
            return;
        }
        try {
            if (gid) {
                Files.setAttribute(file, "unix:gid", (int) attributes.gid(), LinkOption.NOFOLLOW_LINKS);
            }
            if (uid) {
                Files.setAttribute(file, "unix:uid", (int) attributes.uid(), LinkOption.NOFOLLOW_LINKS);
            }
        } catch (IOException _) {
            // Only root may give files away.
            shortfalls.add(Shortfall.OWNER, path);
        }
    }

    private void xattrs(Path file, TreePath path, Attributes attributes) {
        attributes.xattrs().forEach((name, value) -> {
            if (!name.startsWith(USER_XATTR)) {
                shortfalls.add(Shortfall.XATTR, path);
                return;
            }
            try {
                Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                        .write(name.substring(USER_XATTR.length()), ByteBuffer.wrap(value));
            } catch (IOException | RuntimeException _) {
                // Not every file system holds them.
                shortfalls.add(Shortfall.XATTR, path);
            }
        });
    }

    private void mode(Path file, TreePath path, int mode) throws IOException {
        if ((mode & ~PERMISSIONS) == 0) {
            Files.setPosixFilePermissions(file, permissions(mode));
            return;
        }
        Files.setAttribute(file, "unix:mode", mode);
        if (((Integer) Files.getAttribute(file, "unix:mode") & 07777) != mode) {
            shortfalls.add(Shortfall.MODE, path);
        }
    }

    static Set<PosixFilePermission> permissions(int mode) {
        // The constants come in the order of the bits, the highest first.
        EnumSet<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (PosixFilePermission permission : PosixFilePermission.values()) {
            if ((mode & 0400 >> permission.ordinal()) != 0) {
                permissions.add(permission);
            }
        }
        return permissions;
    }

    void leftOutMode(TreePath path) {
        shortfalls.add(Shortfall.MODE, path);
    }

    void leftOutSpecialFile(TreePath path) {
        shortfalls.add(Shortfall.SPECIAL_FILE, path);
    }

    void changedTarget(TreePath path) {
        shortfalls.add(Shortfall.LINK_TARGET, path);
    }

    void clear() {
        shortfalls.clear();
    }

    SinkReport report(List<String> limits) {
        return shortfalls.report(limits);
    }
}
