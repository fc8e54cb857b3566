package dev.slipway.server;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a packaged Slipway brings along, read-only: images of backends and a model to try.
 *
 * @param folder the folder that holds {@code bin}, {@code lib}, {@code images} and {@code models}
 */
public record Distribution(Path folder) {
    /** The system property that the launcher sets. */
    public static final String PROPERTY = "slipway.dist";

    /** The distribution that this process was started from, when it was. */
    public static Optional<Distribution> current() {
        String folder = System.getProperty(PROPERTY, "");
        return folder.isBlank()
                ? Optional.empty()
                : Optional.of(new Distribution(Path.of(folder).toAbsolutePath()));
    }

    /** An OCI image layout, or empty when nothing is shipped. */
    public Optional<Path> images() {
        Path images = folder.resolve("images");
        return Files.isRegularFile(images.resolve("index.json")) ? Optional.of(images) : Optional.empty();
    }

    /** Model configurations and files; may be missing. */
    public Path models() {
        return folder.resolve("models");
    }
}
