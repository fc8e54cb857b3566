package dev.slipway.oci.lazy;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.OciException;
import dev.slipway.oci.lazy.Node.Folder;
import dev.slipway.oci.lazy.Node.Leaf;
import dev.slipway.oci.tar.TarHeader;
import dev.slipway.oci.transport.Transport;
import dev.slipway.oci.tree.Attributes;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tree of an image where it lies, of which single files are read without its layers being pulled.
 *
 * <p>Layers in the formats eStargz and zstd:chunked carry a table of contents: of these only the table and the asked for files'
 * chunks are read, each verified against digests that lead up to the manifest. A layer without one is read from its
 * beginning. Layers are looked at from the top down, and only as far as an answer needs. Whiteouts, hard links and symbolic links mean the same as
 * when the image is unpacked; no link leads out of the image.
 *
 * <p>An instance is for one thread at a time.
 */
public final class RemoteTree {
    private final List<RemoteBlob> blobs = new ArrayList<>();
    private final LayerStack stack;
    private final LazyLimits limits;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final List<Digest> indexed = new ArrayList<>();
    private final List<Digest> streamed = new ArrayList<>();
    private TreePath wanted = TreePath.ROOT;

    private RemoteTree(ImageManifest manifest, Transport transport, LazyLimits limits, Cancellation cancellation) {
        manifest.layers()
                .reversed()
                .forEach(layer -> blobs.add(new RemoteBlob(transport, layer, requests, bytes, cancellation)));
        this.limits = limits;
        this.stack = new LayerStack(blobs.size(), this::open);
    }

    /** Prepares to read an image; nothing is read yet. */
    public static RemoteTree open(
            ImageManifest manifest, Transport transport, LazyLimits limits, Cancellation cancellation) {
        return new RemoteTree(manifest, transport, limits, cancellation);
    }

    private Folder open(int layer) {
        RemoteBlob blob = blobs.get(layer);
        Optional<TocBytes.Table> table = new TocBytes(blob, limits).read();
        List<LayerEntry> entries;
        if (table.isPresent()) {
            entries = TocEntries.read(table.get(), blob.layer(), limits);
            indexed.add(blob.layer().digest());
        } else {
            entries = new PlainLayer(blob, limits).index(wanted);
            streamed.add(blob.layer().digest());
        }
        return new LayerTree(stack, layer).of(entries);
    }

    /**
     * What lies at a path; a symbolic link at its end is not followed, those before are. A hard link shows as what it is a name of.
     *
     * @throws OciException when a layer cannot be read or is not what it should be
     */
    public Optional<TreeEntry> stat(TreePath path) {
        return find(path, false).map(RemoteTree::entry);
    }

    /**
     * What a directory holds, by name; symbolic links on the way are followed.
     *
     * @throws OciException {@code oci.no-such-file}, {@code oci.wrong-file-type}
     */
    public List<TreeEntry> list(TreePath path) {
        LayerStack.Found found = require(path);
        if (!(found.node() instanceof Folder)) {
            throw wrongType(path, "it is not a directory");
        }
        return stack.names(found.path()).stream()
                .sorted()
                .flatMap(name -> stack.find(found.path().child(name), 0, false).stream())
                .map(RemoteTree::entry)
                .toList();
    }

    /**
     * Opens a file; symbolic links are followed. The stream's end comes only when all bytes proved right: until then a
     * failure means that what was read does not count.
     *
     * @throws OciException {@code oci.no-such-file}, {@code oci.wrong-file-type}
     */
    public InputStream read(TreePath path) {
        LayerStack.Found found = require(path);
        if (!(found.node() instanceof Leaf leaf)) {
            throw wrongType(path, "it is a directory");
        }
        RemoteBlob blob = blobs.get(leaf.layer());
        return switch (leaf.header().type()) {
            case FILE ->
                switch (leaf.content()) {
                    case Content.Empty _ -> InputStream.nullInputStream();
                    case Content.Kept kept -> new ByteArrayInputStream(kept.bytes());
                    case Content.Streamed content -> new PlainLayer(blob, limits).open(content, leaf.header());
                    case Content.Chunks chunks ->
                        ChunkStream.open(blob, chunks, leaf.header().size());
                };
            case CHARACTER_DEVICE, BLOCK_DEVICE, FIFO -> throw wrongType(path, "it is a device or a fifo");
            case DIRECTORY, SYMBOLIC_LINK, HARD_LINK -> throw missing(path);
        };
    }

    /** What was read so far. */
    public LazyReport report() {
        return new LazyReport(requests.get(), bytes.get(), indexed, streamed);
    }

    private Optional<LayerStack.Found> find(TreePath path, boolean follow) {
        wanted = path;
        return stack.find(path, 0, follow);
    }

    private LayerStack.Found require(TreePath path) {
        return find(path, true).orElseThrow(() -> missing(path));
    }

    private static TreeEntry entry(LayerStack.Found found) {
        TreePath path = found.path();
        if (!(found.node() instanceof Leaf(int _, TarHeader header, Content _))) {
            Attributes attributes = ((Folder) found.node()).attributes;
            return new TreeEntry.Directory(path, attributes == null ? Attributes.of(0755, Instant.EPOCH) : attributes);
        }
        Attributes attributes = header.attributes();
        return switch (header.type()) {
            case FILE -> new TreeEntry.RegularFile(path, attributes, header.size());
            case SYMBOLIC_LINK -> new TreeEntry.SymbolicLink(path, attributes, header.linkName());
            case HARD_LINK, DIRECTORY -> throw new AssertionError("resolved before");
            case CHARACTER_DEVICE -> new TreeEntry.Device(path, attributes, false, header.major(), header.minor());
            case BLOCK_DEVICE -> new TreeEntry.Device(path, attributes, true, header.major(), header.minor());
            case FIFO -> new TreeEntry.Fifo(path, attributes);
        };
    }

    private static OciException missing(TreePath path) {
        return OciException.missing("oci.no-such-file", "Reading " + path + " failed: the image has no such file.");
    }

    private static OciException wrongType(TreePath path, String why) {
        return OciException.invalid("oci.wrong-file-type", "Reading " + path + " failed: " + why + ".");
    }
}
