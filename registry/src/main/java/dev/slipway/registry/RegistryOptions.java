package dev.slipway.registry;

import dev.slipway.registry.access.Access;
import dev.slipway.registry.mirror.MirrorOptions;
import java.util.Optional;

/**
 * How one registry behaves.
 *
 * @param sparseIndexes whether an index may be pushed before the manifests that it lists
 * @param mirror present when what is not here is fetched from other registries
 */
public record RegistryOptions(
        RegistryLimits limits, Access access, boolean sparseIndexes, Optional<MirrorOptions> mirror) {
    /** Everybody may pull, programs on this machine may do everything. */
    public static RegistryOptions defaults() {
        return new RegistryOptions(RegistryLimits.defaults(), Access.local(), true, Optional.empty());
    }

    public RegistryOptions withLimits(RegistryLimits newLimits) {
        return new RegistryOptions(newLimits, access, sparseIndexes, mirror);
    }

    public RegistryOptions withAccess(Access newAccess) {
        return new RegistryOptions(limits, newAccess, sparseIndexes, mirror);
    }

    public RegistryOptions withSparseIndexes(boolean allowed) {
        return new RegistryOptions(limits, access, allowed, mirror);
    }

    public RegistryOptions withMirror(MirrorOptions newMirror) {
        return new RegistryOptions(limits, access, sparseIndexes, Optional.of(newMirror));
    }
}
