package dev.slipway.posix;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An open directory, and what can be done with the names in it.
 *
 * <p>Names are bytes, one in each char (ISO 8859-1), whatever the locale. A name is always that of one entry right in the
 * directory, and symbolic links are never followed: an operation acts on the link itself or fails.
 */
public final class DirectoryHandle extends Handle {
    private static final int OPEN = Flags.O_RDONLY | Flags.O_DIRECTORY | Flags.O_CLOEXEC;
    private static final int NEW_FILE =
            Flags.O_WRONLY | Flags.O_CREAT | Flags.O_EXCL | Flags.O_NOFOLLOW | Flags.O_CLOEXEC;
    private static final int MAX_MAJOR = 0xfff;
    private static final int MAX_MINOR = 0xfffff;
    private static final int OPEN_HOW_SIZE = 24;

    private DirectoryHandle(int descriptor) {
        super(descriptor);
    }

    /**
     * Opens a directory by its path; links in the path are followed.
     *
     * @throws UnsupportedOperationException unless {@link Posix#isAvailable}
     */
    public static DirectoryHandle open(Path path) throws IOException {
        Posix.requireAvailable();
        String bytes = bytesOf(path.toAbsolutePath());
        try (Scratch scratch = Scratch.take()) {
            long address = Scratch.text(scratch.first, bytes);
            return new DirectoryHandle(
                    (int) Kernel.require(scratch, SystemCall.OPENAT, bytes, Flags.AT_FDCWD, address, OPEN, 0, 0));
        }
    }

    /** The bytes with which the JDK hands a path to the system. */
    public static String bytesOf(Path path) {
        Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"), StandardCharsets.UTF_8);
        return new String(path.toString().getBytes(charset), StandardCharsets.ISO_8859_1);
    }

    private long require(Scratch scratch, SystemCall call, String name, long c, long d) throws PosixException {
        return Kernel.require(scratch, call, name, descriptor(), scratch.name(name), c, d, 0);
    }

    /** Opens a directory in this one. */
    public DirectoryHandle openDirectory(String name) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            return new DirectoryHandle((int) require(scratch, SystemCall.OPENAT, name, OPEN | Flags.O_NOFOLLOW, 0));
        }
    }

    /**
     * Opens a directory some levels below this one; no link on the way is followed and nothing leads out.
     *
     * @param names from this directory down, none of them {@code .} or {@code ..}; this directory again when empty
     */
    public DirectoryHandle openBelow(List<String> names) throws IOException {
        String path = String.join("/", names);
        if (names.isEmpty() || path.length() >= Scratch.MAX_NAME || !Beneath.known()) {
            return stepBelow(names);
        }
        try (Scratch scratch = Scratch.take()) {
            names.forEach(scratch::name);
            long address = Scratch.text(scratch.first, path);
            scratch.struct.set(ValueLayout.JAVA_LONG, 0, OPEN | Flags.O_NOFOLLOW);
            scratch.struct.set(ValueLayout.JAVA_LONG, 8, 0);
            scratch.struct.set(
                    ValueLayout.JAVA_LONG,
                    16,
                    Flags.RESOLVE_BENEATH | Flags.RESOLVE_NO_SYMLINKS | Flags.RESOLVE_NO_MAGICLINKS);
            long answer = Kernel.call(
                    scratch, SystemCall.OPENAT2, descriptor(), address, scratch.struct.address(), OPEN_HOW_SIZE, 0);
            if (answer >= 0) {
                return new DirectoryHandle((int) answer);
            }
            PosixException failure = new PosixException(SystemCall.OPENAT2, path, (int) -answer);
            switch (failure.errno()) {
                // Old kernels do not have it, some containers forbid it, and a rename elsewhere may disturb it.
                case NOSYS, PERM -> Beneath.forget();
                case AGAIN -> {}
                default -> throw failure;
            }
        }
        return stepBelow(names);
    }

    private DirectoryHandle stepBelow(List<String> names) throws IOException {
        DirectoryHandle here = self();
        for (String name : names) {
            try (DirectoryHandle above = here) {
                here = above.openDirectory(name);
            }
        }
        return here;
    }

    private DirectoryHandle self() throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long address = Scratch.text(scratch.first, ".");
            return new DirectoryHandle(
                    (int) Kernel.require(scratch, SystemCall.OPENAT, ".", descriptor(), address, OPEN, 0, 0));
        }
    }

    /**
     * Makes a new, empty file and opens it for writing.
     *
     * @param mode permission bits, less those that the process's mask takes away
     */
    public FileHandle createFile(String name, int mode) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            return new FileHandle((int) require(scratch, SystemCall.OPENAT, name, NEW_FILE, mode));
        }
    }

    /** Opens a file for reading. */
    public FileHandle openFile(String name) throws IOException {
        int flags = Flags.O_RDONLY | Flags.O_NOFOLLOW | Flags.O_NONBLOCK | Flags.O_CLOEXEC;
        try (Scratch scratch = Scratch.take()) {
            return new FileHandle((int) require(scratch, SystemCall.OPENAT, name, flags, 0));
        }
    }

    /**
     * Makes a directory.
     *
     * @param mode permission bits, less those that the process's mask takes away
     */
    public void makeDirectory(String name, int mode) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.MKDIRAT, name, mode, 0);
        }
    }

    /** Makes a symbolic link; the target is any bytes but zero. */
    public void makeSymbolicLink(String name, String target) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long address = scratch.name(name);
            long text = Scratch.text(scratch.second, target);
            Kernel.require(scratch, SystemCall.SYMLINKAT, name, text, descriptor(), address, 0, 0);
        }
    }

    /**
     * Makes a device, fifo or socket.
     *
     * @param mode permission bits, less those that the process's mask takes away
     */
    public void makeSpecialFile(String name, FileKind kind, int mode, int major, int minor) throws IOException {
        if (major < 0 || major > MAX_MAJOR || minor < 0 || minor > MAX_MINOR) {
            throw new PosixException(SystemCall.MKNODAT, name, Errno.INVAL.number());
        }
        long device = minor & 0xff | (long) major << 8 | (minor & ~0xffL) << 12;
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.MKNODAT, name, kind.bits | mode, device);
        }
    }

    /** Gives an entry one more name; a symbolic link is given it itself. */
    public void link(String name, DirectoryHandle directory, String newName) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long from = scratch.name(name);
            long to = scratch.secondName(newName);
            Kernel.require(scratch, SystemCall.LINKAT, newName, descriptor(), from, directory.descriptor(), to, 0);
        }
    }

    /**
     * Renames an entry within its file system.
     *
     * @param replace whether what has the new name is replaced; else it is an error
     */
    public void rename(String name, DirectoryHandle directory, String newName, boolean replace) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long from = scratch.name(name);
            long to = scratch.secondName(newName);
            int flags = replace ? 0 : Flags.RENAME_NOREPLACE;
            Kernel.require(
                    scratch, SystemCall.RENAMEAT2, newName, descriptor(), from, directory.descriptor(), to, flags);
        }
    }

    /** Removes a name that is no directory's. */
    public void removeFile(String name) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.UNLINKAT, name, 0, 0);
        }
    }

    /** Removes an empty directory. */
    public void removeDirectory(String name) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.UNLINKAT, name, Flags.AT_REMOVEDIR, 0);
        }
    }

    /** What the system knows about an entry. */
    public FileStatus status(String name) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            Kernel.require(
                    scratch,
                    SystemCall.STATX,
                    name,
                    descriptor(),
                    scratch.name(name),
                    Flags.AT_SYMLINK_NOFOLLOW,
                    Flags.STATX_BASIC_STATS,
                    scratch.struct.address());
            return FileStatus.of(scratch.struct);
        }
    }

    /** Where a symbolic link leads. */
    public String symbolicLink(String name) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            long length = require(scratch, SystemCall.READLINKAT, name, scratch.buffer.address(), Scratch.MAX_NAME);
            return scratch.text(0, (int) length);
        }
    }

    /** Gives an entry to a user and a group. */
    public void owner(String name, long uid, long gid) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            Kernel.require(
                    scratch,
                    SystemCall.FCHOWNAT,
                    name,
                    descriptor(),
                    scratch.name(name),
                    uid,
                    gid,
                    Flags.AT_SYMLINK_NOFOLLOW);
        }
    }

    /** Sets the time of an entry's last change, and leaves the time of the last use. */
    public void modified(String name, Instant time) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            require(scratch, SystemCall.UTIMENSAT, name, Handle.times(scratch, time), Flags.AT_SYMLINK_NOFOLLOW);
        }
    }

    /** Sets an entry's mode without opening it, which would do something to a device; symbolic links have none. */
    public void mode(String name, int mode) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            int flags = Flags.O_PATH | Flags.O_NOFOLLOW | Flags.O_CLOEXEC;
            // A handle that only stands for the entry; the system's own name for it leads nowhere else.
            try (FileHandle entry = new FileHandle((int) require(scratch, SystemCall.OPENAT, name, flags, 0))) {
                long address = Scratch.text(scratch.first, "/proc/self/fd/" + entry.descriptor());
                Kernel.require(scratch, SystemCall.FCHMODAT, name, Flags.AT_FDCWD, address, mode, 0, 0);
            }
        }
    }

    /** Sets an extended attribute of an entry, a symbolic link's own too, without opening it. */
    public void xattr(String name, String attribute, byte[] value) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            scratch.name(name);
            long path = Scratch.text(scratch.first, "/proc/self/fd/" + descriptor() + "/" + name);
            long text = Scratch.text(scratch.second, attribute);
            Kernel.require(
                    scratch,
                    SystemCall.LSETXATTR,
                    attribute,
                    path,
                    text,
                    Handle.value(scratch, attribute, value),
                    value.length,
                    0);
        }
    }

    /** The extended attributes of an entry, a symbolic link's own too, as far as this process may see them. */
    public Map<String, byte[]> xattrs(String name) throws IOException {
        try (Scratch scratch = Scratch.take()) {
            scratch.name(name);
            return Xattrs.read(scratch, "/proc/self/fd/" + descriptor() + "/" + name);
        }
    }

    /** The extended attributes of the directory itself, as far as this process may see them. */
    public Map<String, byte[]> xattrs() throws IOException {
        try (Scratch scratch = Scratch.take()) {
            return Xattrs.read(scratch, "/proc/self/fd/" + descriptor() + "/.");
        }
    }

    /** The names of all entries, in no order. */
    public List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryHandle reader = self();
                Scratch scratch = Scratch.take()) {
            while (true) {
                int length = (int)
                        reader.require(scratch, SystemCall.GETDENTS64, scratch.buffer.address(), Scratch.BUFFER, 0, 0);
                if (length == 0) {
                    return names;
                }
                Entries.read(scratch, length, names);
            }
        }
    }
}
