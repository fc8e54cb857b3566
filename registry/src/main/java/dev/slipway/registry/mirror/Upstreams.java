package dev.slipway.registry.mirror;

import dev.slipway.oci.ImageReference;
import dev.slipway.oci.transport.Transport;
import java.util.List;
import java.util.Optional;

/** The registries behind a mirror. */
public interface Upstreams {
    /** Whether images of this host are mirrored. */
    boolean mirrors(String host);

    /** The host that requests mean which name none. */
    Optional<String> usualHost();

    /** Where to look for an image's repository, the best place first. */
    List<Transport> transports(ImageReference reference);
}
