package dev.slipway.oci.archive;

import dev.slipway.base.Cancellation;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.transport.ImageLocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/** A tar file of images, of whichever kind. */
public final class SavedArchive {
    private SavedArchive() {}

    /**
     * Where each of the file's images lies, by its name in the file; one without a name is only found when it is alone.
     *
     * @throws dev.slipway.oci.OciException {@code oci.no-archive}, {@code oci.invalid-archive}
     */
    public static List<ImageLocation> images(Path file, Cancellation cancellation) {
        ImageFiles files = TarFiles.open(file, cancellation);
        try {
            if (files.size(DockerArchiveSource.MANIFEST).isPresent()) {
                SortedSet<String> names = DockerArchiveSource.images(files).names();
                return names.isEmpty()
                        ? List.of(new ImageLocation.DockerArchive(file, Optional.empty()))
                        : names.stream()
                                .<ImageLocation>map(name ->
                                        new ImageLocation.DockerArchive(file, Optional.of(ImageReference.parse(name))))
                                .toList();
            }
        } finally {
            files.close();
        }
        try (LayoutSource layout = LayoutSource.archive(file, "", cancellation)) {
            SortedSet<String> names = layout.names();
            return names.isEmpty()
                    ? List.of(new ImageLocation.LayoutArchive(file, ""))
                    : names.stream()
                            .<ImageLocation>map(name -> new ImageLocation.LayoutArchive(file, name))
                            .toList();
        }
    }
}
