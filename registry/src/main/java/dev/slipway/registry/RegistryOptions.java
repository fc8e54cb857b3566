package dev.slipway.registry;

import dev.slipway.registry.access.Access;

/**
 * How one registry behaves.
 *
 * @param sparseIndexes whether an index may be pushed before the manifests that it lists
 */
public record RegistryOptions(RegistryLimits limits, Access access, boolean sparseIndexes) {
    /** Everybody may pull, programs on this machine may do everything. */
    public static RegistryOptions defaults() {
        return new RegistryOptions(RegistryLimits.defaults(), Access.local(), true);
    }

    public RegistryOptions withLimits(RegistryLimits newLimits) {
        return new RegistryOptions(newLimits, access, sparseIndexes);
    }

    public RegistryOptions withAccess(Access newAccess) {
        return new RegistryOptions(limits, newAccess, sparseIndexes);
    }

    public RegistryOptions withSparseIndexes(boolean allowed) {
        return new RegistryOptions(limits, access, allowed);
    }
}
