package dev.slipway.registry;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the registry needs of a manifest that lies in the store; the bytes match the digest.
 *
 * @param children what it leads to: config and layers, or manifests
 * @param entry how a list of referrers shows it
 */
record StoredManifest(
        Digest digest,
        byte[] bytes,
        String mediaType,
        Optional<Digest> subject,
        List<Descriptor> children,
        Map<String, Object> entry) {
    static StoredManifest of(Digest digest, byte[] bytes, ManifestDocument document) {
        Optional<Descriptor> subject = switch (document) {
            case ImageManifest manifest -> manifest.subject();
            case ImageIndex index -> index.subject();
        };
        return new StoredManifest(
                digest,
                bytes,
                document.mediaType(),
                subject.map(Descriptor::digest),
                children(document),
                entry(digest, bytes, document));
    }

    private static List<Descriptor> children(ManifestDocument document) {
        return switch (document) {
            case ImageManifest manifest ->
                Stream.concat(Stream.of(manifest.config()), manifest.layers().stream())
                        .toList();
            case ImageIndex index -> index.manifests();
        };
    }

    private static Map<String, Object> entry(Digest digest, byte[] bytes, ManifestDocument document) {
        Optional<String> type = switch (document) {
            case ImageManifest manifest ->
                manifest.artifactType()
                        .filter(text -> !text.isEmpty())
                        .or(() -> Optional.of(manifest.config().mediaType()));
            case ImageIndex index -> index.artifactType();
        };
        Map<String, String> annotations = switch (document) {
            case ImageManifest manifest -> manifest.annotations();
            case ImageIndex index -> index.annotations();
        };
        Map<String, Object> json =
                Descriptor.of(document.mediaType(), digest, bytes.length).toJson();
        type.ifPresent(value -> json.put("artifactType", value));
        if (!annotations.isEmpty()) {
            json.put("annotations", new TreeMap<>(annotations));
        }
        return json;
    }
}
