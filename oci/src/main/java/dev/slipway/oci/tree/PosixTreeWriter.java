package dev.slipway.oci.tree;

import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.Errno;
import dev.slipway.posix.FileHandle;
import dev.slipway.posix.FileKind;
import dev.slipway.posix.PosixException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lays entries out by system calls: exact names, all attributes, and no link followed. */
final class PosixTreeWriter implements TreeWriter {
    private static final int OWNER_ALL = 0700;
    private static final int SPECIAL_BITS = 07000;
    private static final int BUFFER = 1 << 17;
    /** Large files begin their way to disk while the rest of them still arrives. */
    private static final long WRITE_OUT = 16 << 20;

    private final PosixStaging staging;
    private final boolean durable;
    private final OpenDirectories folders;
    private final Shortfalls shortfalls = new Shortfalls();
    private final PosixAttributes attributes;
    private final HardLinks hardLinks;
    private final List<TreeEntry.Directory> directories = new ArrayList<>();
    private final Map<TreePath, Shortfall> leftOut = new HashMap<>();
    private final byte[] buffer = new byte[BUFFER];

    private PosixTreeWriter(PosixStaging staging, FileSystemTraits traits, boolean durable) {
        this.staging = staging;
        this.durable = durable;
        this.folders = new OpenDirectories(staging.root());
        this.attributes = new PosixAttributes(traits, shortfalls);
        this.hardLinks = new HardLinks(staging.root(), folders, attributes, shortfalls);
    }

    static PosixTreeWriter create(Path target, boolean durable) throws IOException {
        PosixStaging staging = PosixStaging.create(target);
        boolean kept = false;
        try {
            PosixTreeWriter writer = new PosixTreeWriter(staging, FileSystemTraits.of(staging.root()), durable);
            kept = true;
            return writer;
        } finally {
            if (!kept) {
                staging.close();
            }
        }
    }

    @Override
    public SinkReport report() {
        return shortfalls.report(List.of());
    }

    @Override
    public void add(TreeEntry entry, InputStream content) throws IOException {
        switch (entry) {
            case TreeEntry.Directory directory -> addDirectory(directory);
            case TreeEntry.RegularFile file -> addFile(file, content);
            case TreeEntry.SymbolicLink link -> addSymbolicLink(link);
            case TreeEntry.HardLink link -> addHardLink(link);
            case TreeEntry.Device device ->
                addSpecialFile(
                        device,
                        device.block() ? FileKind.BLOCK_DEVICE : FileKind.CHARACTER_DEVICE,
                        device.major(),
                        device.minor());
            case TreeEntry.Fifo fifo -> addSpecialFile(fifo, FileKind.FIFO, 0, 0);
        }
    }

    private void addDirectory(TreeEntry.Directory entry) throws IOException {
        directories.add(entry);
        TreePath path = entry.path();
        if (path.isRoot()) {
            return;
        }
        // Entries follow, so that its owner must be able to write until the end, and it must hand nothing down.
        int mode = (entry.attributes().mode() | OWNER_ALL) & ~SPECIAL_BITS;
        folders.open(path.parent()).makeDirectory(path.name(), mode);
        attributes.applyToDirectory(folders.open(path), path, entry.attributes(), mode, mode);
    }

    private void addFile(TreeEntry.RegularFile entry, InputStream content) throws IOException {
        TreePath path = entry.path();
        DirectoryHandle parent = folders.open(path.parent());
        try (FileHandle file = parent.createFile(path.name(), PosixAttributes.forNewFile(entry.attributes()))) {
            if (entry.extents().isEmpty() && content instanceof ByteChunks chunks) {
                writeChunks(file, entry, chunks);
            } else if (entry.extents().isEmpty()) {
                write(file, new Extent(0, entry.size()), path, content);
            } else {
                for (Extent extent : entry.extents()) {
                    file.position(extent.offset());
                    write(file, extent, path, content);
                }
                file.size(entry.size());
            }
            attributes.applyToFile(file, path, entry.attributes());
        }
    }

    private void write(FileHandle file, Extent extent, TreePath path, InputStream content) throws IOException {
        long left = extent.length();
        long place = extent.offset();
        long started = place;
        while (left > 0) {
            int read = content.readNBytes(buffer, 0, (int) Math.min(buffer.length, left));
            if (read == 0) {
                throw early(path, left);
            }
            file.write(buffer, 0, read);
            left -= read;
            place += read;
            started = startWriting(file, started, place);
        }
    }

    private void writeChunks(FileHandle file, TreeEntry.RegularFile entry, ByteChunks content) throws IOException {
        long place = 0;
        long started = 0;
        while (place < entry.size()) {
            ByteBuffer chunk = content.next();
            if (!chunk.hasRemaining()) {
                throw early(entry.path(), entry.size() - place);
            }
            if (chunk.remaining() > entry.size() - place) {
                throw new IOException("the content of " + entry.path() + " is longer than its size");
            }
            place += chunk.remaining();
            file.write(chunk);
            started = startWriting(file, started, place);
        }
    }

    private static EOFException early(TreePath path, long left) {
        return new EOFException("the content of " + path + " ended " + left + " bytes early");
    }

    private long startWriting(FileHandle file, long started, long place) throws IOException {
        if (!durable || place - started < WRITE_OUT) {
            return started;
        }
        file.startWriting(started, place - started);
        return place;
    }

    private void addSymbolicLink(TreeEntry.SymbolicLink entry) throws IOException {
        TreePath path = entry.path();
        DirectoryHandle parent = folders.open(path.parent());
        try {
            parent.makeSymbolicLink(path.name(), entry.target());
        } catch (PosixException e) {
            leaveOut(e, Shortfall.SYMBOLIC_LINK, path);
            return;
        }
        attributes.applyToLink(parent, path, entry.attributes());
    }

    private void addSpecialFile(TreeEntry entry, FileKind kind, int major, int minor) throws IOException {
        TreePath path = entry.path();
        DirectoryHandle parent = folders.open(path.parent());
        try {
            parent.makeSpecialFile(path.name(), kind, PosixAttributes.forNewFile(entry.attributes()), major, minor);
        } catch (PosixException e) {
            leaveOut(e, Shortfall.SPECIAL_FILE, path);
            return;
        }
        attributes.applyToSpecialFile(parent, path, entry.attributes());
    }

    private void leaveOut(PosixException failure, Shortfall shortfall, TreePath path) throws PosixException {
        boolean cannot = failure.errno() == Errno.PERM || failure.errno() == Errno.OPNOTSUPP;
        // A device's number may be out of this system's range.
        if (!cannot && !(failure.errno() == Errno.INVAL && shortfall == Shortfall.SPECIAL_FILE)) {
            throw failure;
        }
        leftOut.put(path, shortfall);
        shortfalls.add(shortfall, path);
    }

    private void addHardLink(TreeEntry.HardLink entry) throws IOException {
        @Nullable Shortfall shortfall = leftOut.get(entry.target());
        if (shortfall == null) {
            hardLinks.add(entry);
        } else {
            leftOut.put(entry.path(), shortfall);
            shortfalls.add(shortfall, entry.path());
        }
    }

    @Override
    public void reset() throws IOException {
        folders.clear();
        directories.clear();
        leftOut.clear();
        shortfalls.clear();
        hardLinks.clear();
        TreeRemoval.removeChildren(staging.root());
    }

    @Override
    public void finish() throws IOException {
        // Every directory is looked up anew: one that was exchanged for a link shows now.
        folders.clear();
        // Those below come before those above, whose mode may forbid to reach them.
        for (TreeEntry.Directory directory : directories.reversed()) {
            if (!directory.path().isRoot()) {
                finish(directory);
            }
        }
        folders.clear();
    }

    private void finish(TreeEntry.Directory directory) throws IOException {
        TreePath path = directory.path();
        int mode = directory.attributes().mode();
        boolean waited = (mode & OWNER_ALL) != OWNER_ALL || (mode & SPECIAL_BITS) != 0;
        // Opened rather than named, so that it must be a directory still.
        try (DirectoryHandle handle = folders.open(path.parent()).openDirectory(path.name())) {
            if (waited) {
                attributes.finalMode(handle, path, mode);
            }
            attributes.time(handle, path, directory.attributes().modified());
        }
    }

    @Override
    public void publish() throws IOException {
        staging.publish(durable, this::finishRoot);
    }

    private void finishRoot(DirectoryHandle root) throws IOException {
        for (TreeEntry.Directory directory : directories) {
            if (directory.path().isRoot()) {
                attributes.applyToRoot(root, directory.attributes());
            }
        }
    }

    @Override
    public void close() throws IOException {
        try (staging) {
            folders.clear();
        }
    }
}
