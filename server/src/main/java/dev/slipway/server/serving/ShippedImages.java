package dev.slipway.server.serving;

import dev.slipway.base.Cancellation;
import dev.slipway.base.ProgressListener;
import dev.slipway.gallery.BackendSource;
import dev.slipway.gallery.OciBackendSource;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.content.LayoutContentStore;
import dev.slipway.oci.transfer.PullOptions;
import dev.slipway.registry.EphemeralRegistry;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Fetches the images of backends. Those that the distribution carries are pulled from it, through a registry of its own
 * that listens on the loopback address while a pull runs: the same way as any other image takes, and no network.
 */
public final class ShippedImages implements BackendSource {
    private static final String SCHEME = "oci://";

    private final ContentStore content;
    private final Optional<LayoutContentStore> layout;

    /**
     * @param content where pulled images are kept
     * @param images the OCI image layout of the distribution
     */
    public ShippedImages(ContentStore content, Optional<Path> images) {
        this.content = content;
        this.layout = images.map(LayoutContentStore::openReadOnly);
    }

    /** Whether the image behind a uri is shipped. */
    public boolean holds(String uri) {
        return shipped(uri).isPresent();
    }

    /** Whether another image than the installed one is shipped under the uri. */
    public boolean differsFrom(String uri, String installedDigest) {
        return !installedDigest.isEmpty()
                && shipped(uri)
                        .filter(descriptor -> !descriptor.digest().toString().equals(installedDigest))
                        .isPresent();
    }

    private Optional<Descriptor> shipped(String uri) {
        return layout.filter(_ -> uri.startsWith(SCHEME))
                .flatMap(store -> store.resolve(uri.substring(SCHEME.length())));
    }

    @Override
    public Fetched fetch(String uri, ProgressListener progress, Cancellation cancellation) {
        if (layout.isEmpty() || !holds(uri)) {
            return new OciBackendSource(content, PullOptions.defaults()).fetch(uri, progress, cancellation);
        }
        String host = uri.substring(SCHEME.length(), uri.indexOf('/', SCHEME.length()));
        try (EphemeralRegistry registry = EphemeralRegistry.start(layout.get())) {
            PullOptions options = PullOptions.defaults()
                    .withMirror(host, URI.create("http://" + registry.host()))
                    .withOffline(true);
            return new OciBackendSource(content, options).fetch(uri, progress, cancellation);
        }
    }
}
