package dev.slipway.oci.archive;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.transport.ImageSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An image in an OCI image layout, whether a folder or a tar file.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-layout.md">OCI image-spec, image
 *     layout</a>
 */
public final class LayoutSource implements ImageSource {
    static final String INDEX = "index.json";
    static final String NAME = "org.opencontainers.image.ref.name";

    private final ImageFiles files;
    private final String tag;

    LayoutSource(ImageFiles files, String tag) {
        this.files = files;
        this.tag = tag;
    }

    /**
     * Opens a folder.
     *
     * @param tag which image; empty for the only one
     * @throws OciException {@code oci.no-layout}
     */
    public static LayoutSource folder(Path folder, String tag) {
        if (!Files.isRegularFile(folder.resolve(INDEX))) {
            throw OciException.missing(
                    "oci.no-layout", "Opening " + folder + " failed: it holds no OCI image layout (no index.json).");
        }
        return new LayoutSource(new FolderFiles(folder), tag);
    }

    /**
     * Opens a tar file, compressed or not.
     *
     * @param tag which image; empty for the only one
     * @throws OciException {@code oci.no-archive}, {@code oci.invalid-archive}, {@code oci.no-layout}
     */
    public static LayoutSource archive(Path file, String tag, Cancellation cancellation) {
        ImageFiles files = TarFiles.open(file, cancellation);
        if (!files.has(INDEX)) {
            files.close();
            throw OciException.missing(
                    "oci.no-layout", "Opening " + file + " failed: it holds no OCI image layout (no index.json).");
        }
        return new LayoutSource(files, tag);
    }

    @Override
    public String description() {
        return files.description();
    }

    @Override
    public ManifestDocument root(Cancellation cancellation) {
        return read(choose(listed()));
    }

    private List<Descriptor> listed() {
        byte[] bytes = files.read(INDEX, ManifestDocument.MAX_SIZE);
        if (ManifestDocument.parse(bytes, MediaTypes.INDEX) instanceof ImageIndex index) {
            return index.manifests();
        }
        throw OciException.corrupt("oci.invalid-layout", INDEX + " in " + description() + " is not an image index.");
    }

    private Descriptor choose(List<Descriptor> listed) {
        Stream<Descriptor> fitting =
                listed.stream().filter(descriptor -> tag.isEmpty() || tag.equals(nameOf(descriptor)));
        // Several names of one image are no choice between images.
        Map<Digest, Descriptor> choices = fitting.collect(Collectors.toMap(
                Descriptor::digest, descriptor -> descriptor, (first, _) -> first, LinkedHashMap::new));
        if (choices.size() == 1) {
            return choices.values().iterator().next();
        }
        String what = tag.isEmpty() ? "an image" : "'" + tag + "'";
        SortedSet<String> names = names(listed);
        String hint = names.isEmpty() ? "It names none of its images." : "It has: " + String.join(", ", names) + ".";
        if (choices.isEmpty()) {
            throw unchosen(
                    "oci.unknown-reference",
                    "Looking for " + what + " in " + description() + " failed: it has no such image",
                    hint);
        }
        throw unchosen(
                "oci.ambiguous-reference",
                "Looking for " + what + " in " + description() + " failed: it has " + choices.size() + " that fit",
                hint);
    }

    private static OciException unchosen(String code, String message, String hint) {
        return new OciException(code, ErrorKind.NOT_FOUND, message + ".", hint, null);
    }

    /** The names of all images, without those that have none. */
    SortedSet<String> names() {
        return names(listed());
    }

    private static SortedSet<String> names(List<Descriptor> listed) {
        SortedSet<String> names =
                listed.stream().map(LayoutSource::nameOf).collect(Collectors.toCollection(TreeSet::new));
        names.remove("");
        return names;
    }

    private static String nameOf(Descriptor descriptor) {
        return descriptor.annotations().getOrDefault(NAME, "");
    }

    @Override
    public ManifestDocument manifest(String target, Cancellation cancellation) {
        if (!target.contains(":")) {
            return new LayoutSource(files, target).root(cancellation);
        }
        Digest digest = Digest.parse(target);
        return parse(digest, "");
    }

    private ManifestDocument read(Descriptor descriptor) {
        return parse(descriptor.digest(), descriptor.mediaType());
    }

    private ManifestDocument parse(Digest digest, String mediaType) {
        byte[] bytes = files.read(blobName(digest), ManifestDocument.MAX_SIZE);
        if (!Digest.of(digest.algorithm(), digest.hasher().digest(bytes)).equals(digest)) {
            throw OciException.corrupt(
                    "oci.digest-mismatch",
                    "Reading a manifest in " + description() + " failed: its bytes do not match " + digest + ".");
        }
        return ManifestDocument.parse(bytes, mediaType);
    }

    /** Whether the manifest's config and layers are all here. */
    boolean holds(List<Descriptor> blobs) {
        return blobs.stream().allMatch(blob -> size(blob.digest()).isPresent());
    }

    Optional<ManifestDocument> find(Descriptor descriptor) {
        return size(descriptor.digest()).isPresent() ? Optional.of(read(descriptor)) : Optional.empty();
    }

    List<Descriptor> entries() {
        return listed();
    }

    private OptionalLong size(Digest digest) {
        return files.size(blobName(digest));
    }

    static String blobName(Digest digest) {
        return "blobs/" + digest.algorithm() + "/" + digest.hex();
    }

    @Override
    public BlobStream blob(Descriptor descriptor, long offset, Cancellation cancellation) {
        return BlobFiles.open(files, blobName(descriptor.digest()), descriptor, offset);
    }

    @Override
    public void close() {
        files.close();
    }
}
