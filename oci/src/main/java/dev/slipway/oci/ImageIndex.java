package dev.slipway.oci;

import dev.slipway.base.Digest;
import dev.slipway.oci.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Manifests under one name, usually one for each platform.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-index.md">OCI image-spec, image index</a>
 */
public final class ImageIndex implements ManifestDocument {
    static final int MAX_MANIFESTS = 4096;

    private final String mediaType;
    private final byte[] bytes;
    private final List<Descriptor> manifests;
    private final Map<String, String> annotations;
    private final Optional<String> artifactType;
    private final Optional<Descriptor> subject;

    private ImageIndex(JsonObject json, String mediaType, byte[] bytes) {
        this.mediaType = mediaType;
        this.bytes = bytes.clone();
        this.manifests =
                json.objects("manifests").stream().map(Descriptor::from).toList();
        this.annotations = Map.copyOf(json.stringMap("annotations"));
        this.artifactType = json.string("artifactType");
        this.subject = json.object("subject").map(Descriptor::from);
        if (manifests.size() > MAX_MANIFESTS) {
            throw json.invalid("it has " + manifests.size() + " entries, more than the " + MAX_MANIFESTS + " allowed");
        }
    }

    static ImageIndex from(JsonObject json, String mediaType, byte[] bytes) {
        return new ImageIndex(json, mediaType, bytes);
    }

    /** Writes a new index; the same argument always gives the same bytes. */
    public static ImageIndex create(List<Descriptor> manifests) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schemaVersion", 2);
        json.put("mediaType", MediaTypes.INDEX);
        json.put("manifests", manifests.stream().map(Descriptor::toJson).toList());
        byte[] bytes = JsonObject.write(json);
        return from(JsonObject.parse(bytes, "an index", MAX_SIZE), MediaTypes.INDEX, bytes);
    }

    public List<Descriptor> manifests() {
        return manifests;
    }

    public Map<String, String> annotations() {
        return annotations;
    }

    public Optional<String> artifactType() {
        return artifactType;
    }

    /** What this index is about, when it refers to a manifest. */
    public Optional<Descriptor> subject() {
        return subject;
    }

    @Override
    public String mediaType() {
        return mediaType;
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public Digest digest() {
        return Digest.sha256(bytes);
    }
}
