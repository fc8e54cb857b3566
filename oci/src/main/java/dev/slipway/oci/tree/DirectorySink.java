package dev.slipway.oci.tree;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lays a tree out as a directory.
 *
 * <p>Nothing it does reaches outside the directory, whatever the image holds and whoever changes the directory meanwhile:
 * each entry is made complete in a private folder inside and then moved to its place relative to an open handle on its
 * parent, found without following a link. What this user or the file system cannot hold, such as owners and devices, is
 * left out and counted in {@link #report}.
 */
public final class DirectorySink implements TreeSink, AutoCloseable {
    private static final String STAGING = ".slipway-unpack-";
    private static final int OWNER_ALL = 0700;

    private final Path root;
    private final Path staging;
    private final boolean durable;
    private final OpenFolders folders;
    private final SecureDirectoryStream<Path> stagingHandle;
    private final AttributeWriter attributes = new AttributeWriter();
    private final List<TreeEntry.Directory> directories = new ArrayList<>();
    private final OpenFolders stagingFolders;
    private long count;
    private boolean finished;

    private DirectorySink(Path root, boolean durable) throws IOException {
        this.root = root;
        this.durable = durable;
        this.staging = Files.createTempDirectory(
                root, STAGING, PosixFilePermissions.asFileAttribute(AttributeWriter.permissions(OWNER_ALL)));
        this.folders = new OpenFolders(root);
        this.stagingFolders = new OpenFolders(staging);
        this.stagingHandle = stagingFolders.open(TreePath.ROOT);
    }

    /**
     * Begins to lay out a tree.
     *
     * @param folder new or empty; it is created when missing
     * @param durable whether every file is synced, so that a folder renamed into place later survives a power cut
     * @throws OciException {@code oci.folder-not-empty}
     */
    public static DirectorySink create(Path folder, boolean durable) {
        try {
            Files.createDirectories(folder);
            try (Stream<Path> present = Files.list(folder)) {
                if (present.findAny().isPresent()) {
                    throw new OciException(
                            "oci.folder-not-empty",
                            ErrorKind.CONFLICT,
                            "Unpacking into " + folder + " was refused: it is not empty.",
                            "Choose a new or an empty folder.",
                            null);
                }
            }
            return new DirectorySink(folder.toRealPath(), durable);
        } catch (IOException e) {
            throw AtomicFiles.explain("unpack into " + folder, e);
        }
    }

    /** What could not be held so far. */
    public SinkReport report() {
        return attributes.report();
    }

    @Override
    public void add(TreeEntry entry, InputStream content) throws IOException {
        switch (entry) {
            case TreeEntry.Directory directory -> addDirectory(directory);
            case TreeEntry.RegularFile file -> addFile(file, content);
            case TreeEntry.SymbolicLink link -> addSymbolicLink(link);
            case TreeEntry.HardLink link -> addHardLink(link);
            case TreeEntry.Device _, TreeEntry.Fifo _ -> attributes.leftOutSpecialFile();
        }
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
                stage, directory.attributes(), directory.attributes().mode() | OWNER_ALL);
        place(stage, directory.path());
    }

    private void addFile(TreeEntry.RegularFile file, InputStream content) throws IOException {
        Path stage = next();
        try (FileChannel channel = FileChannel.open(stage, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
                OutputStream out = Channels.newOutputStream(channel)) {
            content.transferTo(out);
            attributes.applyToFile(stage, file.attributes());
            if (durable) {
                channel.force(true);
            }
        }
        place(stage, file.path());
    }

    private void addSymbolicLink(TreeEntry.SymbolicLink link) throws IOException {
        Path stage = next();
        Path target = FileNames.path(link.target());
        if (!target.toString().equals(TarHeader.textOf(link.target()))) {
            attributes.changedTarget();
        }
        Files.createSymbolicLink(stage, target);
        attributes.applyToLink(stage, link.attributes());
        place(stage, link.path());
    }

    private void addHardLink(TreeEntry.HardLink link) throws IOException {
        Path stage = next();
        try {
            Files.createLink(stage, root.resolve(FileNames.path(link.target().bytes())));
        } catch (NoSuchFileException _) {
            // Its target was a special file.
            attributes.leftOutSpecialFile();
            return;
        }
        place(stage, link.path());
    }

    private Path next() {
        return staging.resolve(Long.toString(count++));
    }

    private void place(Path stage, TreePath path) throws IOException {
        SecureDirectoryStream<Path> parent = folders.open(path.parent());
        stagingHandle.move(stage.getFileName(), parent, FileNames.path(path.name()));
    }

    @Override
    public void reset() throws IOException {
        try (Stream<Path> present = Files.list(root)) {
            for (Path path : present.filter(path -> !path.equals(staging)).toList()) {
                AtomicFiles.deleteRecursively(path);
            }
        }
        directories.clear();
        attributes.reset();
    }

    /** Makes the finished tree visible under its name. */
    public void publish() {
        if (!finished) {
            throw new IllegalStateException("the tree is not complete");
        }
    }

    @Override
    public void finish() throws IOException {
        finished = true;
        AtomicFiles.deleteRecursively(staging);
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
        view.setTimes(attributes.settable(directory.attributes().modified()), null, null);
        if (durable) {
            sync(parent, path);
        }
        int mode = directory.attributes().mode();
        if (path.isRoot() || (mode & OWNER_ALL) != OWNER_ALL) {
            view.setPermissions(AttributeWriter.permissions(mode));
            if ((mode & 07000) != 0) {
                attributes.leftOutMode();
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

    /** Closes the handles; what was laid out stays, also when it is not complete. */
    @Override
    public void close() {
        try (folders;
                stagingFolders) {
            AtomicFiles.deleteRecursively(staging);
        } catch (IOException e) {
            throw AtomicFiles.explain("end unpacking", e);
        }
    }
}
