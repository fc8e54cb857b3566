package dev.slipway.registry;

import dev.slipway.http.Exchange;
import dev.slipway.oci.content.ContentStore;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/** What all endpoints of one registry share. */
record Site(
        ContentStore store,
        HiddenContent hidden,
        ManifestCache manifests,
        RegistryLimits limits,
        LongAdder manifestBytes,
        LongAdder blobBytes) {
    static Site of(ContentStore store, RegistryLimits limits) {
        HiddenContent hidden = new HiddenContent(
                store.folder().map(folder -> folder.resolve("registry").resolve("hidden")));
        return new Site(store, hidden, new ManifestCache(store), limits, new LongAdder(), new LongAdder());
    }

    /** A repository as this request names it. */
    Repository repository(Exchange exchange, String name) {
        return new Repository(store, hidden, name, namespace(exchange));
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
