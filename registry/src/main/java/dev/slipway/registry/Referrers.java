package dev.slipway.registry;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.content.ContentStore;
import dev.slipway.oci.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds the manifests of a repository that say they are about another one. */
final class Referrers {
    private final ContentStore store;

    Referrers(ContentStore store) {
        this.store = store;
    }

    /** An index of them, perhaps an empty one. */
    byte[] index(Repository repository, Digest subject, Optional<String> artifactType) {
        List<Map<String, Object>> manifests = new ArrayList<>();
        for (Descriptor descriptor : repository.descriptors()) {
            if (store.has(descriptor.digest())) {
                entry(descriptor, subject)
                        .filter(entry ->
                                artifactType.isEmpty() || artifactType.get().equals(entry.get("artifactType")))
                        .ifPresent(manifests::add);
            }
        }
        Map<String, Object> index = new LinkedHashMap<>();
        index.put("schemaVersion", 2);
        index.put("mediaType", MediaTypes.INDEX);
        index.put("manifests", manifests);
        return JsonObject.write(index);
    }

    private Optional<Map<String, Object>> entry(Descriptor descriptor, Digest subject) {
        byte[] bytes = store.read(descriptor.digest(), ManifestDocument.MAX_SIZE);
        ManifestDocument document = ManifestDocument.parse(bytes, descriptor.mediaType());
        Optional<Descriptor> about = switch (document) {
            case ImageManifest manifest -> manifest.subject();
            case ImageIndex index -> index.subject();
        };
        Optional<String> type = switch (document) {
            case ImageManifest manifest ->
                manifest.artifactType().or(() -> Optional.of(manifest.config().mediaType()));
            case ImageIndex index -> index.artifactType();
        };
        Map<String, String> annotations = switch (document) {
            case ImageManifest manifest -> manifest.annotations();
            case ImageIndex index -> index.annotations();
        };
        if (about.isEmpty() || !about.get().digest().equals(subject)) {
            return Optional.empty();
        }
        Map<String, Object> json = Descriptor.of(document.mediaType(), descriptor.digest(), bytes.length)
                .toJson();
        type.ifPresent(value -> json.put("artifactType", value));
        if (!annotations.isEmpty()) {
            json.put("annotations", new TreeMap<>(annotations));
        }
        return Optional.of(json);
    }
}
