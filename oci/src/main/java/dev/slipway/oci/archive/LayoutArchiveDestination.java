package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.CheckedBlob;
import dev.slipway.oci.transport.Destination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/** A new tar file that holds an OCI image layout with one image. The same image always gives the same file. */
public final class LayoutArchiveDestination implements Destination {
    private final Path file;
    private final String tag;
    private final ArchiveWriter writer;
    private final Set<Digest> written = new HashSet<>();
    private final Set<String> folders = new HashSet<>();
    private final ReentrantLock lock = new ReentrantLock();

    private LayoutArchiveDestination(Path file, String tag, ArchiveWriter writer) {
        this.file = file;
        this.tag = tag;
        this.writer = writer;
    }

    /**
     * Begins a file, which replaces an existing one when it is published.
     *
     * @param tag the image's name in it; empty for none
     */
    public static LayoutArchiveDestination create(Path file, String tag) {
        ArchiveWriter writer = ArchiveWriter.create(file);
        try {
            writer.add("oci-layout", LayoutDestination.LAYOUT.getBytes(StandardCharsets.UTF_8));
            writer.addFolder("blobs");
            return new LayoutArchiveDestination(file, tag, writer);
        } catch (IOException e) {
            writer.close();
            throw AtomicFiles.explain("write the archive " + file, e);
        }
    }

    @Override
    public String description() {
        return file.toString();
    }

    @Override
    public Demands demands() {
        return new Demands(true, false, true, false);
    }

    @Override
    public boolean has(Descriptor content, Cancellation cancellation) {
        lock.lock();
        try {
            return written.contains(content.digest());
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        lock.lock();
        try (CheckedBlob in = new CheckedBlob(blob, source, arrived, cancellation)) {
            put(blob.digest(), out -> {
                in.transferTo(out);
                return LayoutSource.blobName(blob.digest());
            });
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("write " + blob.digest() + " to " + file, e);
        } finally {
            lock.unlock();
        }
    }

    private void put(Digest digest, ArchiveWriter.Content content) throws IOException {
        if (written.contains(digest)) {
            return;
        }
        if (folders.add(digest.algorithm())) {
            writer.addFolder("blobs/" + digest.algorithm());
        }
        writer.add(LayoutSource.blobName(digest), content);
        written.add(digest);
    }

    @Override
    public void putManifest(ManifestDocument manifest, Cancellation cancellation) {
        lock.lock();
        try {
            put(manifest.digest(), out -> {
                out.write(manifest.bytes());
                return LayoutSource.blobName(manifest.digest());
            });
        } catch (IOException e) {
            throw AtomicFiles.explain("write " + manifest.digest() + " to " + file, e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void publish(ManifestDocument root, Cancellation cancellation) {
        putManifest(root, cancellation);
        Descriptor descriptor = root.descriptor();
        if (!tag.isEmpty()) {
            descriptor = descriptor.withAnnotations(Map.of(LayoutSource.NAME, tag));
        }
        try {
            writer.add(
                    LayoutSource.INDEX, ImageIndex.create(List.of(descriptor)).bytes());
        } catch (IOException e) {
            throw AtomicFiles.explain("write the archive " + file, e);
        }
        writer.publish();
    }

    @Override
    public void close() {
        writer.close();
    }
}
