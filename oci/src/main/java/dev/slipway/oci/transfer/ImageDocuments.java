package dev.slipway.oci.transfer;

import dev.slipway.base.Cancellation;
import dev.slipway.base.Digest;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.ImageIndex;
import dev.slipway.oci.ImageManifest;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.transport.Transport;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A manifest, or an index with all that it names, read from a place: children before their parents. */
final class ImageDocuments {
    private static final int MAX_DEPTH = 4;
    private static final int MAX_DOCUMENTS = 4096;

    private final Transport transport;
    private final Cancellation cancellation;
    private final Map<Digest, ManifestDocument> documents = new LinkedHashMap<>();
    private final Set<Digest> seen = new HashSet<>();

    private ImageDocuments(Transport transport, Cancellation cancellation) {
        this.transport = transport;
        this.cancellation = cancellation;
    }

    static List<ManifestDocument> read(Transport transport, ManifestDocument root, Cancellation cancellation) {
        ImageDocuments reading = new ImageDocuments(transport, cancellation);
        reading.add(root, 0);
        return List.copyOf(reading.documents.values());
    }

    private void add(ManifestDocument document, int depth) {
        if (!seen.add(document.digest())) {
            return;
        }
        if (depth == MAX_DEPTH || seen.size() > MAX_DOCUMENTS) {
            throw invalid("indexes are nested deeper than " + MAX_DEPTH + ", or name more than " + MAX_DOCUMENTS
                    + " manifests");
        }
        if (document instanceof ImageIndex index) {
            for (Descriptor entry : index.manifests()) {
                if (!seen.contains(entry.digest())) {
                    add(child(transport, entry, cancellation), depth + 1);
                }
            }
        }
        documents.put(document.digest(), document);
    }

    /** Reads what an index names, as it names it. */
    static ManifestDocument child(Transport transport, Descriptor entry, Cancellation cancellation) {
        if (!MediaTypes.isManifest(entry.mediaType()) && !MediaTypes.isIndex(entry.mediaType())) {
            throw invalid("an index names something of type " + entry.mediaType());
        }
        ManifestDocument document = transport.manifest(entry.digest().toString(), cancellation);
        if (!document.digest().equals(entry.digest()) || document.bytes().length != entry.size()) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Reading " + entry.digest() + " from " + transport.description()
                            + " failed: its size or digest is not the one announced.");
        }
        return document;
    }

    /** The configs and layers that documents name, each once, in order; what nobody hands out is left out. */
    static List<Descriptor> blobs(List<ManifestDocument> documents) {
        Map<Digest, Descriptor> blobs = new LinkedHashMap<>();
        for (ManifestDocument document : documents) {
            if (document instanceof ImageManifest manifest) {
                blobs.putIfAbsent(manifest.config().digest(), manifest.config());
                manifest.layers().stream()
                        .filter(layer -> !isForeign(layer))
                        .forEach(layer -> blobs.putIfAbsent(layer.digest(), layer));
            }
        }
        return new ArrayList<>(blobs.values());
    }

    /** Layers that are to be fetched from their maker, by address. */
    private static boolean isForeign(Descriptor layer) {
        boolean restricted = layer.mediaType().contains(".nondistributable.")
                || layer.mediaType().contains(".foreign.");
        return restricted && !layer.urls().isEmpty();
    }

    private static OciException invalid(String why) {
        return OciException.corrupt("oci.invalid-document", "Reading an index failed: " + why + ".");
    }
}
