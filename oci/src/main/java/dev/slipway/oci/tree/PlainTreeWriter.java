package dev.slipway.oci.tree;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.posix.Posix;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lays entries out with the JDK alone: each is made complete in a private folder and then moved to its place relative to an
 * open handle on its parent, found without following a link. Of attributes, it gives what the JDK knows.
 */
final class PlainTreeWriter implements TreeWriter {
    private static final String MARK = ".slipway-unpack-";
    private static final String WORKSHOP = ".slipway-entry-";
    private static final int OWNER_ALL = 0700;

    private final Path target;
    private final Path root;
    private final boolean durable;
    private final PlainAttributes attributes = new PlainAttributes();
    private final List<TreeEntry.Directory> directories = new ArrayList<>();
    private final Set<TreePath> leftOut = new HashSet<>();
    private final OpenFolders folders;
    private final Path workshop;
    private final OpenFolders workshops;
    private final SecureDirectoryStream<Path> workshopHandle;
    private long count;
    private boolean published;

    private PlainTreeWriter(Path target, Path root, boolean durable) throws IOException {
        this.target = target;
        this.root = root;
        this.durable = durable;
        this.workshop = Files.createTempDirectory(root, WORKSHOP);
        this.folders = new OpenFolders(root);
        this.workshops = new OpenFolders(workshop);
        this.workshopHandle = workshops.open(TreePath.ROOT);
    }

    static PlainTreeWriter create(Path wanted, boolean durable) throws IOException {
        Path target = Files.isDirectory(wanted) ? wanted.toRealPath() : wanted;
        Path parent = target.getParent();
        Path name = target.getFileName();
        if (parent == null || name == null || !isEmptyOrMissing(target)) {
            throw notEmpty(target);
        }
        Files.createDirectories(parent);
        Path root = Files.createTempDirectory(
                parent,
                "." + name + MARK,
                PosixFilePermissions.asFileAttribute(PlainAttributes.permissions(OWNER_ALL)));
        boolean kept = false;
        try {
            PlainTreeWriter writer = new PlainTreeWriter(target, root, durable);
            kept = true;
            return writer;
        } finally {
            if (!kept) {
                AtomicFiles.deleteRecursively(root);
            }
        }
    }

    private static boolean isEmptyOrMissing(Path target) throws IOException {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        if (!Files.isDirectory(target)) {
            return false;
        }
        try (Stream<Path> present = Files.list(target)) {
            return present.findAny().isEmpty();
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

    @Override
    public SinkReport report() {
        return attributes.report(List.of(
                "There are no system calls, for " + Posix.whyNot()
                        + ". Without them there are no devices, no extended attributes but user.*, no holes in files,"
                        + " only names in UTF-8 and times between 1970 and 2262, and whoever can enter the staging"
                        + " folder can have hard links lead elsewhere.",
                "What a killed process leaves beside the target has to be removed by hand."));
    }

    @Override
    public void add(TreeEntry entry, InputStream content) throws IOException {
        switch (entry) {
            case TreeEntry.Directory directory -> addDirectory(directory);
            case TreeEntry.RegularFile file -> addFile(file, content);
            case TreeEntry.SymbolicLink link -> addSymbolicLink(link);
            case TreeEntry.HardLink link -> addHardLink(link);
            case TreeEntry.Device _, TreeEntry.Fifo _ -> leaveOut(entry.path());
        }
    }

    private void leaveOut(TreePath path) {
        leftOut.add(path);
        attributes.leftOutSpecialFile(path);
    }

    private void addDirectory(TreeEntry.Directory directory) throws IOException {
        directories.add(directory);
        if (directory.path().isRoot()) {
            return;
        }
        Path stage = next();
        Files.createDirectory(stage);
        // Entries follow, so that its owner must be able to write until the end.
        attributes.applyToDirectory(
                stage,
                directory.path(),
                directory.attributes(),
                directory.attributes().mode() | OWNER_ALL);
        place(stage, directory.path());
    }

    private void addFile(TreeEntry.RegularFile file, InputStream content) throws IOException {
        Path stage = next();
        List<Extent> extents = file.extents().isEmpty() ? List.of(new Extent(0, file.size())) : file.extents();
        byte[] buffer = new byte[1 << 16];
        try (FileChannel channel = FileChannel.open(stage, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (Extent extent : extents) {
                zeros(channel, extent.offset());
                for (long left = extent.length(); left > 0; ) {
                    int read = content.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
                    if (read == 0) {
                        throw new EOFException("the content of " + file.path() + " ended " + left + " bytes early");
                    }
                    write(channel, ByteBuffer.wrap(buffer, 0, read));
                    left -= read;
                }
            }
            zeros(channel, file.size());
            attributes.applyToFile(stage, file.path(), file.attributes());
            if (durable) {
                channel.force(true);
            }
        }
        place(stage, file.path());
    }

    private static void zeros(FileChannel channel, long until) throws IOException {
        ByteBuffer zeros = ByteBuffer.allocate(1 << 13);
        while (channel.position() < until) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), until - channel.position()));
            write(channel, zeros);
        }
    }

    private static void write(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private void addSymbolicLink(TreeEntry.SymbolicLink link) throws IOException {
        Path stage = next();
        Path to = FileNames.path(link.target());
        if (!to.toString().equals(TarHeader.textOf(link.target()))) {
            attributes.changedTarget(link.path());
        }
        Files.createSymbolicLink(stage, to);
        attributes.applyToLink(stage, link.path(), link.attributes());
        place(stage, link.path());
    }

    private void addHardLink(TreeEntry.HardLink link) throws IOException {
        if (leftOut.contains(link.target())) {
            leaveOut(link.path());
            return;
        }
        // Where its folder has become a link, this fails; between here and the next line is what the report warns of.
        folders.open(link.target().parent());
        Path stage = next();
        Files.createLink(stage, root.resolve(FileNames.path(link.target().bytes())));
        place(stage, link.path());
    }

    private Path next() {
        return workshop.resolve(Long.toString(count++));
    }

    private void place(Path stage, TreePath path) throws IOException {
        SecureDirectoryStream<Path> parent = folders.open(path.parent());
        workshopHandle.move(stage.getFileName(), parent, FileNames.path(path.name()));
    }

    @Override
    public void reset() throws IOException {
        try (Stream<Path> present = Files.list(root)) {
            for (Path path : present.filter(path -> !path.equals(workshop)).toList()) {
                AtomicFiles.deleteRecursively(path);
            }
        }
        folders.leave();
        directories.clear();
        leftOut.clear();
        attributes.clear();
    }

    @Override
    public void finish() throws IOException {
        AtomicFiles.deleteRecursively(workshop);
        for (TreeEntry.Directory directory : directories.reversed()) {
            finish(directory);
        }
    }

    private void finish(TreeEntry.Directory directory) throws IOException {
        TreePath path = directory.path();
        SecureDirectoryStream<Path> parent = folders.open(path.parent());
        PosixFileAttributeView view = path.isRoot()
                ? parent.getFileAttributeView(PosixFileAttributeView.class)
                : parent.getFileAttributeView(
                        FileNames.path(path.name()), PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        view.setTimes(attributes.settable(path, directory.attributes().modified()), null, null);
        if (durable) {
            sync(parent, path);
        }
        int mode = directory.attributes().mode();
        if (path.isRoot() || (mode & OWNER_ALL) != OWNER_ALL) {
            view.setPermissions(PlainAttributes.permissions(mode));
            if ((mode & 07000) != 0) {
                attributes.leftOutMode(path);
            }
        }
    }

    private static void sync(SecureDirectoryStream<Path> parent, TreePath path) throws IOException {
        Path name = path.isRoot() ? Path.of(".") : FileNames.path(path.name());
        try (SeekableByteChannel channel =
                parent.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            if (channel instanceof FileChannel folder) {
                folder.force(true);
            }
        }
    }

    @Override
    public void publish() throws IOException {
        try {
            Files.move(root, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (DirectoryNotEmptyException _) {
            throw notEmpty(target);
        }
        published = true;
        Path parent = target.getParent();
        if (durable && parent != null) {
            AtomicFiles.syncFolder(parent);
        }
    }

    @Override
    public void close() throws IOException {
        try (folders;
                workshops) {
            if (!published) {
                AtomicFiles.deleteRecursively(root);
            }
        }
    }
}
