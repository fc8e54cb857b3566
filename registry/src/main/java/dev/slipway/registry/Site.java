package dev.slipway.registry;

import dev.slipway.http.Exchange;
import dev.slipway.oci.ImageReference;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.registry.mirror.PullThrough;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What all endpoints of one registry share.
 *
 * @param hidden what was deleted in one repository
 * @param owned what came through a repository, where that matters
 */
record Site(
        ContentStore store,
        RepositoryMarks hidden,
        RepositoryMarks owned,
        ManifestCache manifests,
        VerifiedBlobs verified,
        RegistryOptions options,
        Optional<PullThrough> mirror,
        Traffic traffic) {
    static Site of(ContentStore store, RegistryOptions options) {
        Optional<Path> own = store.folder().map(folder -> folder.resolve("registry"));
        return new Site(
                store,
                new RepositoryMarks(own.map(folder -> folder.resolve("hidden"))),
                new RepositoryMarks(own.map(folder -> folder.resolve("owned"))),
                new ManifestCache(store),
                new VerifiedBlobs(store),
                options,
                options.mirror().map(how -> new PullThrough(how, store)),
                new Traffic());
    }

    RegistryLimits limits() {
        return options.limits();
    }

    /** A repository as this request names it. */
    Repository repository(Exchange exchange, String name) {
        Optional<String> namespace = namespace(exchange);
        Optional<ImageReference> place = mirror.flatMap(pulling -> pulling.place(namespace, name));
        return place.map(upstream -> new Repository(this, name, upstream))
                .orElseGet(() -> new Repository(this, name, namespace));
    }

    /** The registry that the client believes to speak to, when it uses this one as its mirror. */
    static Optional<String> namespace(Exchange exchange) {
        return exchange.query("ns").filter(host -> !host.isEmpty()).map(Site::checkedHost);
    }

    /** The query of addresses that are given out, so that the namespace is kept. */
    static String query(Exchange exchange) {
        return namespace(exchange).map(host -> "?ns=" + host).orElse("");
    }

    private static String checkedHost(String host) {
        if (!host.matches("[A-Za-z0-9.:\\[\\]-]{1,255}")) {
            throw RegistryException.badRequest("NAME_INVALID", "The namespace is malformed.");
        }
        return host;
    }
}
