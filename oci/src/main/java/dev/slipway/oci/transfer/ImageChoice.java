package dev.slipway.oci.transfer;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Cancellation;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageConfig;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.Platform;
import dev.slipway.oci.transport.BlobSource;
import dev.slipway.oci.transport.CheckedBlob;
import dev.slipway.oci.transport.ImageSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The image that a place has for a platform, without its layers.
 *
 * @param root what the place's name stands for: an index, or the manifest itself
 * @param platforms those of the index, or the one of the image
 */
public record ImageChoice(ManifestDocument root, ImageManifest manifest, ImageConfig config, List<Platform> platforms) {
    public ImageChoice {
        platforms = List.copyOf(platforms);
    }

    /**
     * Reads root, manifest and config.
     *
     * @throws OciException {@code oci.no-platform}; {@code oci.not-an-image} for an artifact
     */
    public static ImageChoice read(ImageSource source, Platform platform, Cancellation cancellation) {
        ManifestDocument root = source.root(cancellation);
        ImageManifest manifest = new PlatformChoice(
                        platform, entry -> ImageDocuments.child(source, entry, cancellation))
                .choose(root, source.description());
        if (!MediaTypes.isImageConfig(manifest.config().mediaType())) {
            throw OciException.invalid(
                    "oci.not-an-image",
                    "Reading from " + source.description() + " failed: it is not an image but an artifact of type "
                            + manifest.config().mediaType() + ".");
        }
        ImageConfig config = config(source, manifest.config(), cancellation);
        return new ImageChoice(root, manifest, config, platforms(root, config));
    }

    private static ImageConfig config(ImageSource source, Descriptor descriptor, Cancellation cancellation) {
        if (descriptor.size() > ImageConfig.MAX_SIZE.bytes()) {
            throw OciException.invalid(
                    "oci.document-too-large",
                    "Reading the config " + descriptor.digest() + " was refused: it is longer than the "
                            + ImageConfig.MAX_SIZE + " allowed.");
        }
        try (CheckedBlob in = new CheckedBlob(descriptor, BlobSource.of(source), _ -> {}, cancellation)) {
            return ImageConfig.parse(in.readAllBytes());
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw AtomicFiles.explain("read " + descriptor.digest(), e);
        }
    }

    private static List<Platform> platforms(ManifestDocument root, ImageConfig config) {
        return switch (root) {
            case ImageManifest _ -> List.of(config.platform());
            case ImageIndex index ->
                index.manifests().stream()
                        .filter(PlatformChoice::isImage)
                        .map(Descriptor::platform)
                        .flatMap(Optional::stream)
                        .distinct()
                        .toList();
        };
    }
}
