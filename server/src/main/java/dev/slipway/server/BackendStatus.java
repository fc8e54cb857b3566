package dev.slipway.server;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A backend as people see it: offered by a gallery, installed, or both.
 *
 * @param name its name
 * @param description from the gallery; may be empty
 * @param version what is installed, else what is offered; may be empty
 * @param digest of the installed manifest; empty when it is not installed
 * @param folder where it is installed
 * @param problem why what is installed cannot be used; empty when it can
 */
public record BackendStatus(
        String name, String description, String version, String digest, Optional<Path> folder, String problem) {
    public boolean installed() {
        return folder.isPresent() && problem.isEmpty();
    }
}
