package dev.slipway.oci.diff;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.OciException;
import dev.slipway.oci.diff.TreeNode.Type;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.Extent;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreeSink;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Keeps of an image what is compared. */
public final class SummarySink implements TreeSink {
    private static final int BUFFER = 1 << 16;
    private static final byte[] ZEROS = new byte[BUFFER];
    /** Holes cost an image nothing, but their zeros are hashed. */
    private static final long MAX_HOLES = 1L << 40;

    private final Cancellation cancellation;
    private final byte[] buffer = new byte[BUFFER];
    private final Map<String, TreeNode> nodes = new HashMap<>();
    private final Map<String, String> links = new HashMap<>();
    private long holes;

    public SummarySink(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    @Override
    public void add(TreeEntry entry, InputStream content) throws IOException {
        String path = entry.path().bytes();
        switch (entry) {
            case TreeEntry.Directory _ -> put(entry, Type.DIRECTORY, "", 0, 0);
            case TreeEntry.RegularFile file ->
                nodes.put(path, node(file, Type.FILE, file.size(), Optional.of(digest(file, content)), "", 0, 0));
            case TreeEntry.SymbolicLink link -> put(entry, Type.SYMBOLIC_LINK, link.target(), 0, 0);
            case TreeEntry.Device device ->
                put(
                        entry,
                        device.block() ? Type.BLOCK_DEVICE : Type.CHARACTER_DEVICE,
                        "",
                        device.major(),
                        device.minor());
            case TreeEntry.Fifo _ -> put(entry, Type.FIFO, "", 0, 0);
            case TreeEntry.HardLink link ->
                links.put(
                        path,
                        links.getOrDefault(link.target().bytes(), link.target().bytes()));
        }
    }

    private void put(TreeEntry entry, Type type, String target, int major, int minor) {
        nodes.put(entry.path().bytes(), node(entry, type, 0, Optional.empty(), target, major, minor));
    }

    private static TreeNode node(
            TreeEntry entry, Type type, long size, Optional<Digest> content, String target, int major, int minor) {
        Attributes attributes = entry.attributes();
        return new TreeNode(
                type,
                attributes.mode(),
                attributes.uid(),
                attributes.gid(),
                size,
                content,
                target,
                major,
                minor,
                attributes.xattrs(),
                Optional.empty());
    }

    private Digest digest(TreeEntry.RegularFile file, InputStream content) throws IOException {
        MessageDigest hasher = Digest.hasher("sha256");
        if (file.extents().isEmpty()) {
            hash(content, file.size(), hasher);
        } else {
            long at = 0;
            for (Extent extent : file.extents()) {
                hashZeros(extent.offset() - at, hasher);
                hash(content, extent.length(), hasher);
                at = extent.end();
            }
            hashZeros(file.size() - at, hasher);
        }
        return Digest.of("sha256", hasher.digest());
    }

    private void hash(InputStream content, long size, MessageDigest hasher) throws IOException {
        for (long left = size; left > 0; ) {
            cancellation.throwIfCancelled();
            int read = content.read(buffer, 0, (int) Math.min(left, BUFFER));
            if (read < 0) {
                throw new EOFException("a file ended " + left + " bytes early");
            }
            hasher.update(buffer, 0, read);
            left -= read;
        }
    }

    private void hashZeros(long count, MessageDigest hasher) {
        holes += count;
        if (holes > MAX_HOLES) {
            throw OciException.invalid(
                    "oci.image-too-large",
                    "Comparing the image was refused: its sparse files have more than " + MAX_HOLES
                            + " bytes of holes.");
        }
        for (long left = count; left > 0; left -= BUFFER) {
            cancellation.throwIfCancelled();
            hasher.update(ZEROS, 0, (int) Math.min(left, BUFFER));
        }
    }

    @Override
    public void reset() {
        nodes.clear();
        links.clear();
        holes = 0;
    }

    @Override
    public void finish() {
        // Nothing is written: what has come is all there is.
    }

    public TreeSummary summary() {
        return TreeSummary.of(nodes, links);
    }
}
