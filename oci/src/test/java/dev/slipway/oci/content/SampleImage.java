package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Images of a few bytes, put into a store blob by blob. */
final class SampleImage {
    private SampleImage() {}

    static Digest blob(ContentStore store, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Digest digest = Digest.sha256(bytes);
        store.put(digest, bytes);
        return digest;
    }

    static Descriptor layer(ContentStore store, String text) {
        return Descriptor.of(MediaTypes.LAYER_TAR, blob(store, text), text.length());
    }

    /** An image whose config and layers hold these texts. */
    static Descriptor image(ContentStore store, String config, String... layers) {
        List<Descriptor> stored = new ArrayList<>();
        for (String layer : layers) {
            stored.add(layer(store, layer));
        }
        Descriptor about = Descriptor.of(MediaTypes.CONFIG, blob(store, config), config.length());
        return put(store, ImageManifest.create(about, stored, Map.of()));
    }

    static Descriptor index(ContentStore store, Descriptor... manifests) {
        return put(store, ImageIndex.create(List.of(manifests)));
    }

    /** A manifest about another one. */
    static Descriptor referrer(ContentStore store, Descriptor subject, String text) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schemaVersion", 2);
        json.put("mediaType", MediaTypes.MANIFEST);
        json.put("config", layer(store, "{}").toJson());
        json.put("layers", List.of(layer(store, text).toJson()));
        json.put("subject", subject.toJson());
        return put(store, ManifestDocument.parse(JsonObject.write(json), MediaTypes.MANIFEST));
    }

    private static Descriptor put(ContentStore store, ManifestDocument document) {
        store.put(document.digest(), document.bytes());
        return document.descriptor();
    }
}
