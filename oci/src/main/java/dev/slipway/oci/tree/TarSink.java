package dev.slipway.oci.tree;

import dev.slipway.oci.OciException;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.tar.TarType;
import dev.slipway.oci.tar.TarWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * Writes a tree as one tar archive, in the order in which it comes: every name, attribute and hole, with pax records for
 * what the plain format cannot hold. GNU tar reads all of it back with {@code --xattrs --xattrs-include='*'}.
 */
public final class TarSink implements TreeSink, AutoCloseable {
    private static final int BUFFER = 1 << 16;
    private static final int MAX_DEVICE = 07777777;

    private final OutputStream out;
    private final TarWriter tar;
    private boolean finished;

    private TarSink(OutputStream out) {
        this.out = new BufferedOutputStream(out, BUFFER);
        this.tar = new TarWriter(this.out);
    }

    /** Writes to a stream, which is closed with the sink. */
    public static TarSink to(OutputStream out) {
        return new TarSink(out);
    }

    @Override
    public void add(TreeEntry entry, InputStream content) throws IOException {
        String name = entry.path().bytes();
        Attributes attributes = entry.attributes();
        switch (entry) {
            case TreeEntry.Directory directory -> {
                String folder = directory.path().isRoot() ? "./" : name + "/";
                tar.write(header(folder, TarType.DIRECTORY, attributes, ""));
            }
            case TreeEntry.RegularFile file ->
                tar.write(
                        new TarHeader(name, TarType.FILE, attributes, file.size(), "", 0, 0, file.extents()), content);
            case TreeEntry.SymbolicLink link ->
                tar.write(header(name, TarType.SYMBOLIC_LINK, attributes, link.target()));
            case TreeEntry.HardLink link ->
                tar.write(header(
                        name, TarType.HARD_LINK, attributes, link.target().bytes()));
            case TreeEntry.Device device -> tar.write(device(device));
            case TreeEntry.Fifo _ -> tar.write(header(name, TarType.FIFO, attributes, ""));
        }
    }

    private static TarHeader header(String name, TarType type, Attributes attributes, String target) {
        return new TarHeader(name, type, attributes, 0, target, 0, 0);
    }

    private static TarHeader device(TreeEntry.Device device) {
        if (Math.min(device.major(), device.minor()) < 0 || Math.max(device.major(), device.minor()) > MAX_DEVICE) {
            throw OciException.invalid(
                    "oci.unsupported-file",
                    "Writing '" + device.path() + "' to a tar archive failed: the device number " + device.major() + ":"
                            + device.minor() + " is out of range.");
        }
        TarType type = device.block() ? TarType.BLOCK_DEVICE : TarType.CHARACTER_DEVICE;
        return new TarHeader(device.path().bytes(), type, device.attributes(), 0, "", device.major(), device.minor());
    }

    /** Not possible: what is written has left. */
    @Override
    public void reset() {
        throw new UnsupportedOperationException("an archive that is being written cannot be taken back");
    }

    @Override
    public boolean resettable() {
        return false;
    }

    @Override
    public void finish() {
        finished = true;
    }

    /** Ends the archive, if everything has come, and closes the stream. */
    @Override
    public void close() throws IOException {
        if (finished) {
            tar.close();
        } else {
            // Without its end, nobody takes it for whole.
            out.close();
        }
    }
}
