package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.http.Exchange;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.json.JsonObject;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Lists the manifests of a repository that say they are about another one. Nothing is kept for it: what is listed is what
 * the repository's manifests say now.
 */
final class ReferrersEndpoint {
    private static final int MAX_PAGE = 1000;
    /** Clients stop reading manifests, and so these lists, at 4 MiB. */
    private static final int MAX_BYTES = 3 << 20;

    private static final int MAX_ALGORITHM = 32;
    private static final int MAX_ENCODED = 64;

    private final Site site;

    ReferrersEndpoint(Site site) {
        this.site = site;
    }

    void list(Exchange exchange, Repository repository, Digest subject) throws IOException {
        Optional<String> type = exchange.query("artifactType").filter(text -> !text.isEmpty());
        type.ifPresent(_ -> exchange.respondHeader("OCI-Filters-Applied", "artifactType"));
        TreeMap<String, Map<String, Object>> all = new TreeMap<>();
        for (Digest digest : candidates(repository, subject)) {
            Optional<StoredManifest> found =
                    repository.has(digest) ? site.manifests().find(digest) : Optional.empty();
            found.filter(manifest -> manifest.subject().equals(Optional.of(subject)))
                    .map(StoredManifest::entry)
                    .filter(entry -> type.isEmpty() || type.get().equals(entry.get("artifactType")))
                    .ifPresent(entry -> all.put(digest.toString(), entry));
        }
        String after = exchange.query("last").orElse("");
        SortedMap<String, Map<String, Object>> page = page(exchange, all.tailMap(after, false));
        if (!page.isEmpty() && !page.lastKey().equals(all.lastKey())) {
            exchange.respondHeader("Link", link(exchange, repository, subject, page.lastKey()));
        }
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("mediaType", MediaTypes.INDEX);
        index.put("manifests", List.copyOf(page.values()));
        exchange.send(200, MediaTypes.INDEX, JsonObject.write(index));
    }

    /** What the repository holds, and what clients listed under the tag that stood for this list before registries had it. */
    private Set<Digest> candidates(Repository repository, Digest subject) {
        Set<Digest> digests = new LinkedHashSet<>();
        repository.descriptors().forEach(descriptor -> digests.add(descriptor.digest()));
        String encoded = subject.hex();
        String oldTag = subject.algorithm()
                        .substring(
                                0, Math.min(MAX_ALGORITHM, subject.algorithm().length())) + "-"
                + encoded.substring(0, Math.min(MAX_ENCODED, encoded.length()));
        repository
                .resolve(oldTag)
                .flatMap(descriptor -> site.manifests().find(descriptor.digest()))
                .ifPresent(old -> digests.addAll(listed(old)));
        return digests;
    }

    private static List<Digest> listed(StoredManifest old) {
        try {
            return ManifestDocument.parse(old.bytes(), old.mediaType()) instanceof ImageIndex index
                    ? index.manifests().stream().map(Descriptor::digest).toList()
                    : List.of();
        } catch (CodedException _) {
            return List.of();
        }
    }

    private static SortedMap<String, Map<String, Object>> page(
            Exchange exchange, SortedMap<String, Map<String, Object>> rest) {
        int limit = exchange.query("n")
                .filter(text -> text.matches("[1-9][0-9]{0,8}"))
                .map(text -> Math.min(Integer.parseInt(text), MAX_PAGE))
                .orElse(MAX_PAGE);
        SortedMap<String, Map<String, Object>> page = new TreeMap<>();
        long bytes = 0;
        for (Map.Entry<String, Map<String, Object>> entry : rest.entrySet()) {
            bytes += JsonObject.write(entry.getValue()).length;
            if (page.size() == limit || (bytes > MAX_BYTES && !page.isEmpty())) {
                break;
            }
            page.put(entry.getKey(), entry.getValue());
        }
        return page;
    }

    private static String link(Exchange exchange, Repository repository, Digest subject, String last) {
        StringBuilder address = new StringBuilder("</v2/" + repository.name() + "/referrers/" + subject + "?last="
                + URLEncoder.encode(last, StandardCharsets.UTF_8));
        for (String parameter : List.of("artifactType", "n", "ns")) {
            exchange.query(parameter)
                    .ifPresent(value -> address.append('&')
                            .append(parameter)
                            .append('=')
                            .append(URLEncoder.encode(value, StandardCharsets.UTF_8)));
        }
        return address.append(">; rel=\"next\"").toString();
    }
}
