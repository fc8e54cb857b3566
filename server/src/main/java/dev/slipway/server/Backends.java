package dev.slipway.server;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.gallery.BackendInstaller;
import dev.slipway.gallery.CapabilityResolver;
import dev.slipway.gallery.GalleryEntry;
import dev.slipway.gallery.GalleryIndex;
import dev.slipway.gallery.HostCapability;
import dev.slipway.gallery.Installation;
import dev.slipway.gallery.InstalledBackend;
import dev.slipway.gallery.InstalledBackends;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.server.serving.ShippedImages;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The backends of one home: what is installed, what the gallery offers, and how one comes to the other. */
public final class Backends {
    private static final Logger LOG = System.getLogger(Backends.class.getName());

    private final SlipwayHome home;
    private final ShippedImages shipped;
    private final BackendInstaller installer;
    private final GalleryIndex gallery = GalleryIndex.embedded();

    /** @param content where pulled images are kept */
    public Backends(SlipwayHome home, ContentStore content, Optional<Distribution> distribution) {
        this.home = home;
        this.shipped = new ShippedImages(content, distribution.flatMap(Distribution::images));
        this.installer = new BackendInstaller(home.backends(), shipped);
    }

    /** The backends of a home, and of the distribution that this process was started from. */
    public static Backends open(Path homeFolder) {
        SlipwayHome home = SlipwayHome.open(homeFolder);
        return new Backends(home, DiskContentStore.open(home.content()), Distribution.current());
    }

    /** All that is installed or offered, by name. */
    public List<BackendStatus> list() {
        InstalledBackends installed = InstalledBackends.list(home.backends());
        Map<String, BackendStatus> byName = new LinkedHashMap<>();
        for (InstalledBackend backend : installed.backends()) {
            byName.put(backend.name(), status(backend));
        }
        for (InstalledBackends.Problem problem : installed.problems()) {
            String name = String.valueOf(problem.folder().getFileName());
            byName.put(name, new BackendStatus(name, "", "", "", Optional.of(problem.folder()), problem.reason()));
        }
        for (GalleryEntry entry : gallery.entries()) {
            byName.putIfAbsent(
                    entry.name(),
                    new BackendStatus(
                            entry.name(), entry.display().description(), entry.version(), "", Optional.empty(), ""));
        }
        return byName.values().stream()
                .sorted((one, other) -> one.name().compareTo(other.name()))
                .toList();
    }

    private BackendStatus status(InstalledBackend backend) {
        String description = gallery.find(backend.name())
                .map(entry -> entry.display().description())
                .orElse("");
        return new BackendStatus(
                backend.name(),
                description,
                backend.metadata().version(),
                backend.metadata().digest(),
                Optional.of(backend.folder()),
                "");
    }

    /**
     * Installs a backend by its gallery name; for a meta backend, the one that fits this host. Does nothing when the
     * same is installed.
     *
     * @throws dev.slipway.base.CodedException why it cannot; what was installed before stays
     */
    public Installation install(String name, ProgressListener progress, Cancellation cancellation) {
        GalleryEntry entry = concrete(name);
        // The same version may have been built anew: what is shipped now is what shall run.
        return shipped.differsFrom(entry.uri(), installedDigest(entry.name()))
                ? installer.upgrade(entry, progress, cancellation)
                : installer.install(entry, progress, cancellation);
    }

    private String installedDigest(String name) {
        return InstalledBackends.list(home.backends())
                .find(name)
                .map(backend -> backend.metadata().digest())
                .orElse("");
    }

    private GalleryEntry concrete(String name) {
        GalleryEntry entry = gallery.require(name);
        if (!entry.meta()) {
            return entry;
        }
        CapabilityResolver.Resolution resolution = CapabilityResolver.resolve(gallery, name, HostCapability.detect());
        LOG.log(Level.INFO, "backend {0}: {1}", name, resolution.reason());
        return resolution.entry();
    }

    /** Installs those of the backends whose images are shipped, which needs no network; leaves the others alone. */
    void installShipped(Collection<String> names, ProgressListener progress, Cancellation cancellation) {
        installer.sweep();
        for (String name : names) {
            Optional<GalleryEntry> entry = gallery.find(name);
            if (entry.isPresent() && shipped.holds(entry.get().uri())) {
                install(name, progress, cancellation);
            }
        }
    }

    /** The script that starts a backend, which is installed first when it is not yet. */
    Path runScript(String name, Cancellation cancellation) {
        Optional<InstalledBackend> installed =
                InstalledBackends.list(home.backends()).find(name);
        if (installed.isPresent()) {
            return installed.get().runScript();
        }
        LOG.log(Level.INFO, "installing backend {0}", name);
        return install(name, ProgressListener.NONE, cancellation).backend().runScript();
    }
}
