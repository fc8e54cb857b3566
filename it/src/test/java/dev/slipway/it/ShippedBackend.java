package dev.slipway.it;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.gallery.BackendInstaller;
import dev.slipway.gallery.GalleryEntry;
import dev.slipway.gallery.GalleryIndex;
import dev.slipway.gallery.Installation;
import dev.slipway.gallery.OciBackendSource;
import dev.slipway.oci.content.DiskContentStore;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.registry.EphemeralRegistry;
import dev.slipway.registry.RegistryCounters;
import java.nio.file.Path;

/** The packed image of the backend {@code slipway}, served by a registry and installed from the embedded gallery. */
final class ShippedBackend implements AutoCloseable {
    static final LayoutContentStore LAYOUT = LayoutContentStore.openReadOnly(Repository.DISTRIBUTION.resolve("images"));
    static final GalleryEntry ENTRY = GalleryIndex.embedded().require("slipway");

    private final EphemeralRegistry registry = EphemeralRegistry.start(LAYOUT);
    private final BackendInstaller installer;

    ShippedBackend(Path home) {
        PullOptions options = PullOptions.defaults()
                .withMirror("registry.slipway.dev", registry.address())
                .withOffline(true);
        this.installer = new BackendInstaller(
                home.resolve("backends"),
                new OciBackendSource(DiskContentStore.open(home.resolve("content")), options));
    }

    /** The image's name in the layout, which is the uri without its scheme. */
    static String reference() {
        return ENTRY.uri().substring("oci://".length());
    }

    Installation install() {
        return installer.install(ENTRY, ProgressListener.NONE, Cancellation.never());
    }

    RegistryCounters served() {
        return registry.counters();
    }

    @Override
    public void close() {
        registry.close();
    }
}
