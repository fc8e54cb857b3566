package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tar.TarWriter;
import dev.slipway.oci.tree.Attributes;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;

/**
 * A tar file in the making, beside its final name until it is whole. Its entries say nothing of when, where and by whom it
 * was made.
 *
 * <p>The header of an entry is written after its content, so that the content's size and name need not be known before. For
 * one thread at a time.
 */
final class ArchiveWriter implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int TRAILER = 2 * BLOCK;

    private final Path target;
    private final Path staging;
    private final FileChannel channel;
    private long end;

    private ArchiveWriter(Path target, Path staging, FileChannel channel) {
        this.target = target;
        this.staging = staging;
        this.channel = channel;
    }

    static ArchiveWriter create(Path file) {
        Path target = file.toAbsolutePath();
        try {
            Path folder = target.getParent();
            if (folder == null || Files.isDirectory(target)) {
                throw new IOException("it is a folder");
            }
            Path staging = Files.createTempFile(folder, "." + target.getFileName() + "-", ".tmp");
            return new ArchiveWriter(
                    target, staging, FileChannel.open(staging, StandardOpenOption.READ, StandardOpenOption.WRITE));
        } catch (IOException e) {
            throw AtomicFiles.explain("write the archive " + file, e);
        }
    }

    /** Writes the content of an entry. */
    @FunctionalInterface
    interface Content {
        /** Writes everything to the stream and returns the entry's name; an empty name drops what was written. */
        String write(OutputStream out) throws IOException;
    }

    /** Adds a file whose name is short and becomes known with its content. When that fails, the archive is as before. */
    void add(Content content) throws IOException {
        add(new byte[0], content);
    }

    private void add(byte[] extended, Content content) throws IOException {
        long start = end + extended.length;
        channel.position(start + BLOCK);
        String name = content.write(Channels.newOutputStream(channel));
        long size = channel.position() - start - BLOCK;
        if (name.isEmpty()) {
            channel.truncate(end);
            return;
        }
        int rest = (int) (size % BLOCK);
        long padded = start + BLOCK + size + (rest == 0 ? 0 : BLOCK - rest);
        write(new byte[(int) (padded - start - BLOCK - size)], start + BLOCK + size);
        write(extended, end);
        write(TarWriter.fixedHeader(header(name, TarType.FILE, 0644, size)), start);
        end = padded;
    }

    /** Adds a file of any name. */
    void add(String name, Content content) throws IOException {
        add(TarWriter.extendedHeader(header(name, TarType.FILE, 0644, 0)), content);
    }

    void add(String name, byte[] bytes) throws IOException {
        add(name, out -> {
            out.write(bytes);
            return name;
        });
    }

    void addFolder(String name) throws IOException {
        write(TarWriter.fixedHeader(header(name + "/", TarType.DIRECTORY, 0755, 0)), end);
        end += BLOCK;
    }

    private static TarHeader header(String name, TarType type, int mode, long size) {
        return new TarHeader(name, type, Attributes.of(mode, Instant.EPOCH), size, "", 0, 0);
    }

    private void write(byte[] bytes, long at) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position());
        }
    }

    /** Ends the archive and gives it its name, replacing what had it before. */
    void publish() {
        try {
            channel.truncate(end);
            write(new byte[TRAILER], end);
            Files.setPosixFilePermissions(staging, PosixFilePermissions.fromString("rw-r--r--"));
            channel.force(true);
            AtomicFiles.rename(staging, target);
        } catch (IOException e) {
            throw AtomicFiles.explain("write the archive " + target, e);
        }
    }

    /** Removes what was not published. */
    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(staging);
        } catch (IOException e) {
            throw AtomicFiles.explain("close the archive " + target, e);
        }
    }
}
