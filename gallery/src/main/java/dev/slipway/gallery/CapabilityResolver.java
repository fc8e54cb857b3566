package dev.slipway.gallery;

import dev.slipway.base.ErrorKind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Chooses the concrete backend for a host. */
public final class CapabilityResolver {
    private CapabilityResolver() {}

    /**
     * What was chosen.
     *
     * @param entry a concrete entry
     * @param reason one sentence that says why
     */
    public record Resolution(GalleryEntry entry, String reason) {}

    /**
     * Resolves a name. A meta backend is asked for the host's capability, then for its more general forms
     * ({@code nvidia-cuda-12} → {@code nvidia}), then for {@code default}, then for {@code cpu}.
     *
     * @throws GalleryException {@code gallery.backend-not-found}, or {@code gallery.no-build} when the backend has
     *     nothing for this host
     */
    public static Resolution resolve(GalleryIndex index, String name, HostCapability host) {
        GalleryEntry entry = index.require(name);
        if (!entry.meta()) {
            return new Resolution(entry, "'" + entry.name() + "' is a concrete backend.");
        }
        for (String key : candidates(host.name())) {
            String concrete = entry.capabilities().get(key);
            Optional<GalleryEntry> found =
                    Optional.ofNullable(concrete).flatMap(index::find).filter(candidate -> !candidate.meta());
            if (found.isPresent()) {
                return new Resolution(found.get(), reason(entry, found.get(), key, host));
            }
        }
        throw new GalleryException(
                "gallery.no-build",
                ErrorKind.NOT_FOUND,
                "Backend '" + entry.name() + "' has no build for this host's capability '" + host.name() + "' ("
                        + host.reason() + "); it has "
                        + describe(entry.capabilities()) + ".",
                "Choose another backend, or install one of its concrete builds by name.",
                null);
    }

    private static String reason(GalleryEntry meta, GalleryEntry chosen, String key, HostCapability host) {
        String found = "this host is '" + host.name() + "' (" + host.reason() + ")";
        return "'" + chosen.name() + "' for '" + meta.name() + "': " + found
                + (key.equals(host.name())
                        ? "."
                        : ", which '" + meta.name() + "' has no build for; '" + key + "' is the nearest it has.");
    }

    /** From the most to the least special; an L4T system is never given builds for ordinary NVIDIA hosts. */
    private static Set<String> candidates(String capability) {
        List<String> keys = new ArrayList<>();
        String root = capability.startsWith("nvidia-l4t") ? "nvidia-l4t" : "";
        for (String key = capability; !key.isEmpty(); key = shorter(key)) {
            keys.add(key);
            if (key.equals(root)) {
                break;
            }
        }
        keys.add("default");
        keys.add("cpu");
        return new LinkedHashSet<>(keys);
    }

    private static String shorter(String key) {
        int dash = key.lastIndexOf('-');
        return dash < 0 ? "" : key.substring(0, dash);
    }

    private static String describe(Map<String, String> capabilities) {
        return String.join(", ", capabilities.keySet());
    }
}
