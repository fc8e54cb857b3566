package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.ManifestDocument;
import dev.slipway.oci.MediaTypes;
import dev.slipway.oci.OciException;
import dev.slipway.oci.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What names what: the descriptors in manifests, indexes and whatever other JSON documents there are.
 *
 * <p>A document's kind does not matter. Each object in it that has a digest is taken for a descriptor: what is not
 * understood is kept rather than lost.
 */
final class ContentGraph {
    private final Collectable store;
    private final Map<Digest, Links> known = new HashMap<>();

    /**
     * What a blob names.
     *
     * @param children what it names, its subject included
     * @param subject what it is about
     */
    private record Links(List<Child> children, Optional<Digest> subject) {
        static final Links NONE = new Links(List.of(), Optional.empty());
    }

    private record Child(Digest digest, boolean document) {}

    ContentGraph(Collectable store) {
        this.store = store;
    }

    /** Adds blobs, and all that they name in turn, to what is marked. */
    void mark(Collection<Digest> from, Set<Digest> marked) {
        Deque<Child> open = new ArrayDeque<>();
        from.forEach(digest -> open.add(new Child(digest, true)));
        while (!open.isEmpty()) {
            Child next = open.removeLast();
            if (marked.add(next.digest()) && next.document()) {
                open.addAll(requireLinks(next.digest()).children());
            }
        }
    }

    /** What a document says it is about. */
    Optional<Digest> subject(Digest digest) {
        return links(digest).subject();
    }

    /** How many documents stand in a row from this one down; 0 for what names nothing. */
    int depth(Digest digest) {
        int depth = 0;
        List<Digest> level = List.of(digest);
        while (!level.isEmpty()) {
            List<Digest> below = new ArrayList<>();
            boolean names = false;
            for (Digest each : level) {
                for (Child child : links(each).children()) {
                    names = true;
                    if (child.document()) {
                        below.add(child.digest());
                    }
                }
            }
            depth += names ? 1 : 0;
            level = below.stream().distinct().toList();
        }
        return depth;
    }

    /** Of what nothing needs, damage does not matter. */
    private Links links(Digest digest) {
        try {
            return requireLinks(digest);
        } catch (OciException e) {
            if (e.kind() == ErrorKind.CORRUPT) {
                return Links.NONE;
            }
            throw e;
        }
    }

    private Links requireLinks(Digest digest) {
        Links links = known.get(digest);
        if (links == null) {
            Optional<byte[]> bytes = store.document(digest);
            links = bytes.map(ContentGraph::parse).orElse(Links.NONE);
            if (bytes.isPresent()) {
                known.put(digest, links);
            }
        }
        return links;
    }

    private static Links parse(byte[] bytes) {
        JsonObject json;
        try {
            json = JsonObject.parse(bytes, "a document", ManifestDocument.MAX_SIZE);
        } catch (OciException _) {
            // The bytes are the right ones, so they never were a document.
            return Links.NONE;
        }
        List<Child> children = new ArrayList<>();
        json.nestedWith("digest").forEach(object -> child(object).ifPresent(children::add));
        return new Links(
                List.copyOf(children),
                subject(json).flatMap(ContentGraph::child).map(Child::digest));
    }

    private static Optional<JsonObject> subject(JsonObject json) {
        try {
            return json.object("subject");
        } catch (OciException _) {
            return Optional.empty();
        }
    }

    private static Optional<Child> child(JsonObject object) {
        try {
            String mediaType = object.string("mediaType").orElse("");
            boolean leaf = MediaTypes.isLayer(mediaType) || MediaTypes.isImageConfig(mediaType);
            return object.string("digest")
                    .flatMap(text -> BlobFolder.digestOf(text.replaceFirst(":", "-")))
                    .map(digest -> new Child(digest, !leaf));
        } catch (OciException _) {
            return Optional.empty();
        }
    }
}
