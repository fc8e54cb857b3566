package dev.slipway.oci.content;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Blobs by digest, references that name them, and what keeps them.
 *
 * <p>All methods may be called from any thread.
 */
public interface ContentStore extends Blobs, References, Retention {
    /** The store's folder, beside whose content others may keep what belongs to it; empty when it has none to write to. */
    Optional<Path> folder();
}
