package dev.slipway.oci;

import dev.slipway.base.ByteSize;
import dev.slipway.base.Digest;
import dev.slipway.oci.json.JsonObject;

/** A manifest or an index, with the exact bytes that its digest was made of. */
public sealed interface ManifestDocument permits ImageManifest, ImageIndex {
    /** Longer documents are refused. */
    ByteSize MAX_SIZE = ByteSize.ofMebibytes(4);

    String mediaType();

    /** The exact bytes; a copy. */
    byte[] bytes();

    /** The sha256 of the bytes. */
    Digest digest();

    /** Names this document, by its sha256. */
    default Descriptor descriptor() {
        return Descriptor.of(mediaType(), bytes());
    }

    /**
     * Reads a manifest or an index.
     *
     * <p>The media type decides which of the two it is. A document whose own media type contradicts the one it was served
     * with, or that could be read as both, is refused: two readers must never see two images in one digest.
     *
     * @param servedAs the media type it came with; a general one such as {@code application/json} says nothing
     */
    static ManifestDocument parse(byte[] bytes, String servedAs) {
        JsonObject json = JsonObject.parse(bytes, "a manifest", MAX_SIZE);
        String mediaType = mediaType(json, servedAs.replaceFirst(";.*", "").strip());
        boolean likeIndex = json.has("manifests");
        boolean likeManifest = json.has("layers") || json.has("config") || json.has("fsLayers");
        if (likeIndex && likeManifest) {
            throw json.invalid("it is a manifest and an index at once");
        }
        if (MediaTypes.isIndex(mediaType)) {
            if (likeManifest) {
                throw json.invalid("it calls itself an index and has the fields of a manifest");
            }
            return ImageIndex.from(json, mediaType, bytes);
        }
        if (likeIndex) {
            throw json.invalid("it calls itself a manifest and has the fields of an index");
        }
        return ImageManifest.from(json, mediaType, bytes);
    }

    private static String mediaType(JsonObject json, String servedAs) {
        boolean told = MediaTypes.isManifest(servedAs) || MediaTypes.isIndex(servedAs);
        String own = json.string("mediaType").orElse("");
        if (!own.isEmpty() && !MediaTypes.isManifest(own) && !MediaTypes.isIndex(own)) {
            throw json.invalid("media type '" + own + "' is neither a manifest nor an index that Slipway can read");
        }
        if (told && !own.isEmpty() && !own.equals(servedAs)) {
            throw json.invalid("it was served as " + servedAs + " but calls itself " + own);
        }
        if (!own.isEmpty()) {
            return own;
        }
        if (told) {
            return servedAs;
        }
        if (json.number("schemaVersion").orElse(2) == 1) {
            throw json.invalid("it is a schema 1 manifest, which no registry should serve any more");
        }
        return json.has("manifests") ? MediaTypes.INDEX : MediaTypes.MANIFEST;
    }
}
