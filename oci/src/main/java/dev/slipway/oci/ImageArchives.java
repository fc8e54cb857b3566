package dev.slipway.oci;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ErrorKind;
import dev.slipway.base.ProgressListener;
import dev.slipway.base.Retry;
import dev.slipway.oci.archive.DockerArchive;
import dev.slipway.oci.archive.SavedArchive;
import dev.slipway.oci.transfer.CopiedImage;
import dev.slipway.oci.transfer.Copier;
import dev.slipway.oci.transfer.CopyOptions;
import dev.slipway.oci.transport.Destination;
import dev.slipway.oci.transport.ImageLocation;
import dev.slipway.oci.transport.ImageSource;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Images of the content store to files and back. */
final class ImageArchives {
    private final ImagePlaces places;
    private final Copier copier = new Copier(Retry.DEFAULT);

    ImageArchives(ImagePlaces places) {
        this.places = places;
    }

    /** Writes images into one Docker archive, which appears when it is whole. */
    Map<ImageReference, CopiedImage> saveForDocker(
            List<ImageReference> references,
            Path file,
            CopyOptions options,
            ProgressListener progress,
            Cancellation cancellation) {
        Map<ImageReference, CopiedImage> saved = new LinkedHashMap<>();
        try (DockerArchive archive = DockerArchive.create(file)) {
            for (ImageReference reference : references) {
                ImageLocation from = new ImageLocation.Content(reference);
                try (ImageSource source = places.source(from, new LongAdder(), cancellation);
                        Destination destination = archive.image(List.of(reference))) {
                    saved.put(reference, copier.copy(source, destination, options, progress, cancellation));
                }
            }
            archive.publish();
        }
        return saved;
    }

    /** Takes all images of a file into the content store. */
    Map<ImageReference, CopiedImage> load(
            Path file, CopyOptions options, ProgressListener progress, Cancellation cancellation) {
        Map<ImageReference, ImageLocation> images = new LinkedHashMap<>();
        for (ImageLocation image : SavedArchive.images(file, cancellation)) {
            images.put(nameOf(image, file), image);
        }
        Map<ImageReference, CopiedImage> loaded = new LinkedHashMap<>();
        images.forEach((name, image) -> loaded.put(name, load(image, name, options, progress, cancellation)));
        return loaded;
    }

    private CopiedImage load(
            ImageLocation from,
            ImageReference name,
            CopyOptions options,
            ProgressListener progress,
            Cancellation cancellation) {
        try (ImageSource source = places.source(from, new LongAdder(), cancellation);
                Destination destination = places.destination(new ImageLocation.Content(name), cancellation)) {
            return copier.copy(source, destination, options, progress, cancellation);
        }
    }

    /** A name that says what it is; {@code latest} alone does not say of what. */
    private static ImageReference nameOf(ImageLocation image, Path file) {
        return switch (image) {
            case ImageLocation.DockerArchive(var _, var reference) when reference.isPresent() -> reference.get();
            case ImageLocation.LayoutArchive(var _, var tag)
            when tag.contains("/") || tag.contains(":") -> ImageReference.parse(tag);
            default ->
                throw new OciException(
                        "oci.unnamed-image",
                        ErrorKind.INVALID,
                        "Loading " + file + " failed: '" + image + "' has no full name there.",
                        "Name it: slipway image copy " + image + " content:NAME",
                        null);
        };
    }
}
