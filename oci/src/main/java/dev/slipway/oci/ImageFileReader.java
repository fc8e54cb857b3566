package dev.slipway.oci;

import dev.slipway.oci.lazy.LazyReport;
import dev.slipway.oci.lazy.RemoteTree;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.tree.TreeEntry;
import dev.slipway.oci.tree.TreePath;
import java.io.InputStream;
import java.util.List;

/** Single files of an image, read from where the image lies. */
public final class ImageFileReader implements AutoCloseable {
    private final ImageSource source;
    private final RemoteTree tree;

    ImageFileReader(ImageSource source, RemoteTree tree) {
        this.source = source;
        this.tree = tree;
    }

    /**
     * Opens a file; the stream ends only when every byte proved right.
     *
     * @throws OciException {@code oci.no-such-file}, {@code oci.wrong-file-type}
     */
    public InputStream read(TreePath path) {
        return tree.read(path);
    }

    /**
     * What a directory holds, by name.
     *
     * @throws OciException {@code oci.no-such-file}, {@code oci.wrong-file-type}
     */
    public List<TreeEntry> list(TreePath path) {
        return tree.list(path);
    }

    /** What had to be fetched so far. */
    public LazyReport report() {
        return tree.report();
    }

    @Override
    public void close() {
        source.close();
    }
}
