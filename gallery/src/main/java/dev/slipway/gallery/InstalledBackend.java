package dev.slipway.gallery;

import java.nio.file.Path;

/**
 * A backend that lies on disk and can be started.
 *
 * @param name the folder's name
 * @param alias a second name; may be empty
 * @param folder {@code backends/<name>}
 * @param runScript the executable {@code run.sh} in it, by the path of the version that is current now
 * @param metadata what is known about where it came from
 */
public record InstalledBackend(String name, String alias, Path folder, Path runScript, BackendMetadata metadata) {
    /** Whether it answers to this name. */
    public boolean named(String wanted) {
        return name.equals(wanted) || (!alias.isEmpty() && alias.equals(wanted));
    }
}
