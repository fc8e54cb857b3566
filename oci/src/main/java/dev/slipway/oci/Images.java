package dev.slipway.oci;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.fetch.FetchOptions;
import dev.slipway.oci.build.ImageBuilder;
import dev.slipway.oci.content.CollectOptions;
import dev.slipway.oci.content.CollectReport;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.diff.TreeSummary;
import dev.slipway.oci.lazy.LazyLimits;
import dev.slipway.oci.lazy.RemoteTree;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transfer.Copier;
import dev.slipway.oci.transfer.CopyOptions;
import dev.slipway.oci.transfer.ImageChoice;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.oci.transfer.PulledImage;
import dev.slipway.oci.transfer.Puller;
import dev.slipway.oci.transfer.Pusher;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageLocation;
import dev.slipway.oci.transport.ImageSource;
import dev.slipway.oci.transport.Registries;
import dev.slipway.oci.transport.RegistrySettings;
import dev.slipway.oci.transport.auth.StoredCredentials;
import dev.slipway.oci.tree.DirectorySink;
import dev.slipway.oci.tree.TarSink;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * All that can be done with images, over the content store of one home: the way in for the command line, the server and
 * whoever embeds this.
 */
public final class Images implements AutoCloseable {
    private final DiskContentStore store;
    private final Registries registries;
    private final Puller puller;
    private final ImagePlaces places;
    private final ImageTrees trees;
    private final ImageArchives archives;

    private Images(DiskContentStore store, Registries registries, Map<String, String> environment) {
        this.store = store;
        this.registries = registries;
        this.places = new ImagePlaces(store, registries, environment);
        this.puller = new Puller(registries, Retry.DEFAULT);
        this.trees = new ImageTrees(store, puller, places);
        this.archives = new ImageArchives(places);
    }

    /**
     * The images of a content store.
     *
     * @param settings how registries are reached
     * @param environment the variables that say where credentials and sockets are
     */
    public static Images open(Path content, RegistrySettings settings, Map<String, String> environment) {
        DiskContentStore store = DiskContentStore.open(content);
        Registries registries =
                Registries.create(FetchOptions.defaults(), settings, StoredCredentials.from(environment));
        return new Images(store, registries, environment);
    }

    /** Pulls an image into the content store. */
    public PulledImage pull(
            ImageReference reference, PullOptions options, ProgressListener progress, Cancellation cancellation) {
        return puller.pull(reference, options, store, progress, cancellation);
    }

    /** Pushes an image of the content store to a registry. */
    public CopiedImage push(
            ImageReference image,
            ImageReference target,
            CopyOptions options,
            ProgressListener progress,
            Cancellation cancellation) {
        return new Pusher(registries, Retry.DEFAULT).push(image, target, options, store, progress, cancellation);
    }

    /** Copies an image from anywhere to anywhere, byte for byte where the destination can hold it so. */
    public CopiedImage copy(
            ImageLocation from,
            ImageLocation to,
            CopyOptions options,
            ProgressListener progress,
            Cancellation cancellation) {
        try (ImageSource source = places.source(from, new LongAdder(), cancellation);
                Destination destination = places.destination(to, cancellation)) {
            return new Copier(Retry.DEFAULT).copy(source, destination, options, progress, cancellation);
        }
    }

    /**
     * Writes images of the content store into one file as {@code docker save} does; it appears when it is whole.
     *
     * @throws OciException {@code oci.one-image-only} for an index that no platform was chosen from
     */
    public Map<ImageReference, CopiedImage> save(
            List<ImageReference> references,
            Path file,
            CopyOptions options,
            ProgressListener progress,
            Cancellation cancellation) {
        return archives.saveForDocker(references, file, options, progress, cancellation);
    }

    /**
     * Takes all images of a Docker or OCI archive into the content store, under the names they have there.
     *
     * @throws OciException {@code oci.unnamed-image}
     */
    public Map<ImageReference, CopiedImage> load(
            Path file, CopyOptions options, ProgressListener progress, Cancellation cancellation) {
        return archives.load(file, options, progress, cancellation);
    }

    /** The tree of an image, for comparing; of a registry's, what is missing in the content store is pulled. */
    public TreeSummary summary(
            ImageLocation location, PullOptions options, ProgressListener progress, Cancellation cancellation) {
        return trees.summary(location, options, progress, cancellation);
    }

    /** The manifest or index that a location names, its bytes as they are there. */
    public ManifestDocument document(ImageLocation location, Cancellation cancellation) {
        try (ImageSource source = places.source(location, new LongAdder(), cancellation)) {
            return source.root(cancellation);
        }
    }

    /** Looks at an image without its layers. */
    public ImageInspection inspect(ImageLocation location, Platform platform, Cancellation cancellation) {
        try (ImageSource source = places.source(location, new LongAdder(), cancellation)) {
            ImageChoice choice = ImageChoice.read(source, platform, cancellation);
            return new ImageInspection(
                    location.toString(),
                    choice.root().descriptor(),
                    choice.platforms(),
                    choice.manifest(),
                    choice.config());
        }
    }

    /**
     * Lays an image out as a directory; what a registry's image lacks in the content store is pulled.
     *
     * @param folder new or empty
     */
    public UnpackedImage unpack(
            ImageLocation location,
            PullOptions options,
            Path folder,
            ProgressListener progress,
            Cancellation cancellation) {
        try (DirectorySink sink = DirectorySink.create(folder)) {
            FlattenedImage flattened = trees.flatten(location, options, sink, progress, cancellation);
            sink.publish();
            return new UnpackedImage(
                    location.toString(), flattened.manifest(), folder, sink.report(), flattened.bytesFetched());
        }
    }

    /**
     * Writes the tree of an image as one tar archive.
     *
     * @param out closed in the end
     */
    public void export(
            ImageLocation location,
            PullOptions options,
            OutputStream out,
            ProgressListener progress,
            Cancellation cancellation) {
        try (TarSink sink = TarSink.to(out)) {
            trees.flatten(location, options, sink, progress, cancellation);
        } catch (IOException e) {
            throw AtomicFiles.explain("export " + location, e);
        }
    }

    /**
     * Prepares to read single files of an image, of whose layers only what is needed is fetched when they have a table of
     * contents.
     */
    public ImageFileReader files(ImageLocation location, Platform platform, Cancellation cancellation) {
        ImageSource source = places.source(location, new LongAdder(), cancellation);
        try {
            ImageChoice choice = ImageChoice.read(source, platform, cancellation);
            RemoteTree tree = RemoteTree.open(choice.manifest(), source, LazyLimits.defaults(), cancellation);
            return new ImageFileReader(source, tree);
        } catch (RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** Begins an image on another one, whose layers are pulled when they are not here. */
    public ImageBuilder buildOn(
            ImageReference base, PullOptions options, ProgressListener progress, Cancellation cancellation) {
        PulledImage pulled = pull(base, options, progress, cancellation);
        return ImageBuilder.on(pulled.manifest(), pulled.config());
    }

    /** Builds an image into the content store and names it. */
    public Descriptor build(ImageBuilder builder, ImageReference name) {
        Descriptor manifest = builder.build(store);
        store.tag(name.toString(), manifest);
        return manifest;
    }

    /** What the content store holds, by name. */
    public List<StoredImage> list() {
        return StoredImages.list(store);
    }

    /**
     * Gives an image one more name.
     *
     * @throws OciException {@code oci.unknown-reference}
     */
    public Descriptor tag(ImageReference reference, ImageReference name) {
        Descriptor descriptor = store.resolve(reference.toString()).orElseThrow(() -> unknown(reference));
        store.tag(name.toString(), descriptor);
        return descriptor;
    }

    /**
     * Removes a name; the bytes stay until they are collected.
     *
     * @throws OciException {@code oci.unknown-reference}
     */
    public void remove(ImageReference reference) {
        if (!store.untag(reference.toString())) {
            throw unknown(reference);
        }
    }

    /** Removes the blobs that no name needs any more; safe beside pulls and servers. */
    public CollectReport prune(CollectOptions options, ProgressListener progress, Cancellation cancellation) {
        return store.collect(options, progress, cancellation);
    }

    private static OciException unknown(ImageReference reference) {
        return new OciException(
                "oci.unknown-reference",
                ErrorKind.NOT_FOUND,
                reference + " is not in the content store.",
                "See 'slipway image list', or pull it first.",
                null);
    }

    @Override
    public void close() {
        registries.close();
        store.close();
    }
}
