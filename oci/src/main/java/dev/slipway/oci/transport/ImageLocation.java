package dev.slipway.oci.transport;

import dev.slipway.oci.ImageReference;
import dev.slipway.oci.OciException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where an image lies, as people write it: a scheme, a colon, and a place that means something to that scheme. Without a
 * scheme it is a reference to a registry.
 *
 * <p>The schemes are {@code docker://REF}, {@code oci:DIR[:TAG]}, {@code oci-archive:FILE[:TAG]},
 * {@code docker-archive:FILE[:REF]}, {@code docker-daemon:REF} and {@code content:REF}. A folder or file ends at the first
 * colon, so that its path holds none.
 *
 * @see <a href="https://github.com/containers/image/blob/main/docs/containers-transports.5.md">containers-transports(5)</a>
 */
public sealed interface ImageLocation {
    /** An image in a registry. */
    record Registry(ImageReference reference) implements ImageLocation {
        @Override
        public String toString() {
            return "docker://" + reference;
        }
    }

    /**
     * An image in a folder that is an OCI image layout.
     *
     * @param tag the image's name there; empty for the layout's only image, or for writing without a name
     */
    record Layout(Path folder, String tag) implements ImageLocation {
        public Layout {
            tag = LayoutTag.checked(tag);
        }

        @Override
        public String toString() {
            return "oci:" + suffixed(folder, tag);
        }
    }

    /**
     * An image in a tar file that holds an OCI image layout.
     *
     * @param tag as for {@link Layout}
     */
    record LayoutArchive(Path file, String tag) implements ImageLocation {
        public LayoutArchive {
            tag = LayoutTag.checked(tag);
        }

        @Override
        public String toString() {
            return "oci-archive:" + suffixed(file, tag);
        }
    }

    /**
     * An image in a tar file as {@code docker save} makes it.
     *
     * @param reference the image's name there; empty for the archive's only image, or for writing without a name
     */
    record DockerArchive(Path file, Optional<ImageReference> reference) implements ImageLocation {
        @Override
        public String toString() {
            return "docker-archive:"
                    + suffixed(file, reference.map(ImageReference::toString).orElse(""));
        }
    }

    /** An image in the keeping of a Docker daemon, or of one that speaks its API. */
    record DockerDaemon(ImageReference reference) implements ImageLocation {
        @Override
        public String toString() {
            return "docker-daemon:" + reference;
        }
    }

    /** An image in Slipway's own content store. */
    record Content(ImageReference reference) implements ImageLocation {
        @Override
        public String toString() {
            return "content:" + reference;
        }
    }

    /** Longer text is no location. */
    int MAX_LENGTH = 8192;

    /**
     * Reads a location.
     *
     * @throws OciException {@code oci.invalid-location} when the scheme is unknown or its place malformed,
     *     {@code oci.invalid-reference}
     */
    static ImageLocation parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw invalid(text.substring(0, 64) + "…", "it is longer than " + MAX_LENGTH + " characters");
        }
        int colon = text.indexOf(':');
        if (colon < 0) {
            return new Registry(ImageReference.parse(text));
        }
        String rest = text.substring(colon + 1);
        return switch (text.substring(0, colon)) {
            case "docker" -> new Registry(registry(text, rest));
            case "oci" -> new Layout(path(text, rest), suffix(rest));
            case "oci-archive" -> new LayoutArchive(path(text, rest), suffix(rest));
            case "docker-archive" -> new DockerArchive(path(text, rest), named(text, suffix(rest)));
            case "docker-daemon" -> new DockerDaemon(withoutDigest(text, ImageReference.parse(rest)));
            case "content" -> new Content(ImageReference.parse(rest));
            default -> new Registry(unschemed(text, rest));
        };
    }

    private static ImageReference registry(String text, String rest) {
        if (rest.startsWith("//")) {
            return ImageReference.parse(rest.substring(2));
        }
        // An image of the name "docker" may have a tag, too.
        return unschemed(text, rest);
    }

    private static ImageReference unschemed(String text, String rest) {
        if (rest.startsWith("/") || rest.startsWith(".")) {
            throw invalid(
                    text,
                    "'" + text.substring(0, text.indexOf(':')) + "' is no scheme that Slipway knows. Known are"
                            + " docker://, oci:, oci-archive:, docker-archive:, docker-daemon: and content:");
        }
        return ImageReference.parse(text);
    }

    private static Path path(String text, String rest) {
        int colon = rest.indexOf(':');
        String path = colon < 0 ? rest : rest.substring(0, colon);
        if (path.isEmpty()) {
            throw invalid(text, "it names no path");
        }
        if (colon == rest.length() - 1) {
            throw invalid(text, "nothing follows its last colon");
        }
        try {
            return Path.of(path);
        } catch (InvalidPathException e) {
            throw invalid(text, "its path is malformed (" + e.getReason() + ")");
        }
    }

    private static String suffix(String rest) {
        int colon = rest.indexOf(':');
        return colon < 0 ? "" : rest.substring(colon + 1);
    }

    private static Optional<ImageReference> named(String text, String suffix) {
        return suffix.isEmpty() ? Optional.empty() : Optional.of(withoutDigest(text, ImageReference.parse(suffix)));
    }

    private static ImageReference withoutDigest(String text, ImageReference reference) {
        if (reference.digest().isPresent()) {
            throw invalid(text, "what Docker keeps goes by a tag and not by a manifest's digest");
        }
        return reference;
    }

    private static String suffixed(Path path, String suffix) {
        return suffix.isEmpty() ? path.toString() : path + ":" + suffix;
    }

    private static OciException invalid(String text, String why) {
        return OciException.invalid("oci.invalid-location", "Image location '" + text + "' is malformed: " + why + ".");
    }
}
