package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ObjectLock;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.json.JsonObject;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.ContentDestination;
import dev.slipway.oci.transport.Destination;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * An OCI image layout in a folder that an image is added to; what it holds stays. Writers take turns, held by a lock on the
 * file {@code oci-layout}, and {@code index.json} is replaced by one rename.
 */
public final class LayoutDestination implements Destination {
    static final String LAYOUT = "{\"imageLayoutVersion\":\"1.0.0\"}";

    private static final String LAYOUT_FILE = "oci-layout";
    private static final Duration PATIENCE = Duration.ofHours(1);

    private final Path folder;
    private final String tag;
    private final ObjectLock lock;
    private final LayoutContentStore store;
    private final ContentDestination blobs;

    private LayoutDestination(Path folder, String tag, ObjectLock lock, LayoutContentStore store) {
        this.folder = folder;
        this.tag = tag;
        this.lock = lock;
        this.store = store;
        this.blobs = new ContentDestination(store, "");
    }

    /**
     * Opens a layout, which is created when missing, and waits while another writer has it.
     *
     * @param tag the image's name in it, taken from another image that has it; empty for none
     * @throws dev.slipway.oci.OciException {@code oci.invalid-layout} when the folder holds something else
     */
    public static LayoutDestination open(Path folder, String tag, Cancellation cancellation) {
        try {
            prepare(folder);
        } catch (IOException e) {
            throw AtomicFiles.explain("open the OCI image layout " + folder, e);
        }
        ObjectLock lock =
                ObjectLock.acquire(folder.resolve(LAYOUT_FILE), "the layout " + folder, PATIENCE, cancellation);
        try {
            return new LayoutDestination(folder, tag, lock, LayoutContentStore.open(folder));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** Makes the file that is locked, whole and once, however many writers begin at the same time. */
    private static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        Path file = folder.resolve(LAYOUT_FILE);
        if (Files.exists(file)) {
            return;
        }
        Path staging = Files.createTempFile(folder, ".oci-layout-", ".tmp");
        try {
            Files.write(staging, LAYOUT.getBytes(StandardCharsets.UTF_8));
            Files.setPosixFilePermissions(
                    staging, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
            Files.createLink(file, staging);
        } catch (FileAlreadyExistsException _) {
            // Somebody else was faster.
        } finally {
            Files.delete(staging);
        }
    }

    @Override
    public String description() {
        return folder.toString();
    }

    @Override
    public Demands demands() {
        return new Demands(true, false, false, false);
    }

    @Override
    public boolean has(Descriptor content, Cancellation cancellation) {
        return store.has(content.digest());
    }

    @Override
    public void putBlob(Descriptor blob, BlobSource source, LongConsumer arrived, Cancellation cancellation) {
        blobs.putBlob(blob, source, arrived, cancellation);
    }

    @Override
    public void putManifest(ManifestDocument manifest, Cancellation cancellation) {
        blobs.putManifest(manifest, cancellation);
    }

    @Override
    public void publish(ManifestDocument root, Cancellation cancellation) {
        putManifest(root, cancellation);
        Path index = folder.resolve(LayoutSource.INDEX);
        byte[] before = new FolderFiles(folder).read(LayoutSource.INDEX, ManifestDocument.MAX_SIZE);
        JsonObject json = JsonObject.parse(before, index.toString(), ManifestDocument.MAX_SIZE);
        List<Object> manifests = new ArrayList<>();
        for (JsonObject entry : json.objects("manifests")) {
            if (!isReplaced(entry, root)) {
                manifests.add(entry.fields());
            }
        }
        Descriptor descriptor = root.descriptor();
        manifests.add(
                (tag.isEmpty() ? descriptor : descriptor.withAnnotations(Map.of(LayoutSource.NAME, tag))).toJson());
        Map<String, Object> after = new LinkedHashMap<>();
        after.put("schemaVersion", 2);
        after.put("mediaType", MediaTypes.INDEX);
        after.putAll(json.fields());
        after.put("manifests", manifests);
        try {
            AtomicFiles.write(index, JsonObject.write(after));
        } catch (IOException e) {
            throw AtomicFiles.explain("write " + index, e);
        }
    }

    private boolean isReplaced(JsonObject entry, ManifestDocument root) {
        String name = entry.stringMap("annotations").getOrDefault(LayoutSource.NAME, "");
        boolean same = entry.string("digest").orElse("").equals(root.digest().toString());
        return name.equals(tag) && (same || !tag.isEmpty());
    }

    @Override
    public void close() {
        try (lock;
                store) {
            blobs.close();
        }
    }
}
