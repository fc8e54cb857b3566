package dev.slipway.oci.transfer;

import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes manifests and indexes anew where the place that they go to requires it, and leaves them as they are where it does
 * not. Fields that nobody here knows stay. Children come before their parents, so that an index names what became of them.
 */
final class DocumentRewriter {
    private final boolean ociTypes;
    private final Map<Digest, Descriptor> replaced = new HashMap<>();
    private final List<String> changes = new ArrayList<>();

    DocumentRewriter(boolean ociTypes) {
        this.ociTypes = ociTypes;
    }

    /** Says that a blob is stored in another form: what names it shall name that. */
    void replace(Digest before, Descriptor after) {
        replaced.put(before, after);
        changes.add("layer " + before.shortHex() + " is compressed and has the digest " + after.digest());
    }

    /** What was changed, for people. */
    List<String> changes() {
        return List.copyOf(changes);
    }

    /** The document as it has to be: the same one when nothing of it changes. */
    ManifestDocument rewrite(ManifestDocument document) {
        JsonObject json = JsonObject.parse(document.bytes(), "a manifest", ManifestDocument.MAX_SIZE);
        // What is OCI's already is left alone, even if it names something by Docker's type: its digest counts for more.
        boolean translated = ociTypes && !MediaTypes.toOci(document.mediaType()).equals(document.mediaType());
        String mediaType = newType(document.mediaType(), translated);
        Map<String, Object> fields = new LinkedHashMap<>();
        json.fields().forEach((key, value) -> fields.put(key, rewritten(json, key, value, translated)));
        if (json.string("mediaType").isPresent()) {
            fields.put("mediaType", mediaType);
        }
        if (fields.equals(json.fields()) && mediaType.equals(document.mediaType())) {
            return document;
        }
        if (!mediaType.equals(document.mediaType())) {
            fields.put("mediaType", mediaType);
            changes.add((document instanceof ImageIndex ? "index " : "manifest ")
                    + document.digest().shortHex() + " has the media types of OCI instead of Docker's");
        }
        byte[] bytes = JsonObject.write(fields);
        if (bytes.length > ManifestDocument.MAX_SIZE.bytes()) {
            throw OciException.invalid(
                    "oci.document-too-large",
                    "Writing " + document.digest() + " anew was refused: it would be longer than the "
                            + ManifestDocument.MAX_SIZE + " allowed.");
        }
        ManifestDocument after = ManifestDocument.parse(bytes, mediaType);
        replaced.put(document.digest(), after.descriptor());
        return after;
    }

    private Object rewritten(JsonObject json, String key, Object value, boolean translated) {
        return switch (key) {
            case "config" ->
                json.object(key).<Object>map(one -> descriptor(one, translated)).orElse(value);
            case "layers", "manifests" ->
                json.objects(key).stream()
                        .map(one -> descriptor(one, translated))
                        .toList();
            default -> value;
        };
    }

    private Map<String, Object> descriptor(JsonObject json, boolean translated) {
        Map<String, Object> fields = json.fields();
        json.string("mediaType").ifPresent(type -> fields.put("mediaType", newType(type, translated)));
        Optional<Descriptor> after = json.string("digest").map(Digest::parse).map(replaced::get);
        after.ifPresent(descriptor -> {
            fields.put("mediaType", descriptor.mediaType());
            fields.put("digest", descriptor.digest().toString());
            // As a document's own number is read, so that equal fields are equal.
            fields.put("size", descriptor.size());
        });
        return fields;
    }

    private static String newType(String mediaType, boolean translated) {
        return translated ? MediaTypes.toOci(mediaType) : mediaType;
    }
}
