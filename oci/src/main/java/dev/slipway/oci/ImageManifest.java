package dev.slipway.oci;

import dev.slipway.base.Digest;
import dev.slipway.oci.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One image: its config and its layers, lowest first.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/manifest.md">OCI image-spec, image manifest</a>
 */
public final class ImageManifest implements ManifestDocument {
    /** No image has so many; the file system that Docker uses stops at 128. */
    static final int MAX_LAYERS = 4096;

    private final String mediaType;
    private final byte[] bytes;
    private final Descriptor config;
    private final List<Descriptor> layers;
    private final Map<String, String> annotations;
    private final Optional<String> artifactType;
    private final Optional<Descriptor> subject;

    private ImageManifest(JsonObject json, String mediaType, byte[] bytes) {
        this.mediaType = mediaType;
        this.bytes = bytes.clone();
        this.config = Descriptor.from(json.object("config").orElseThrow(() -> json.invalid("'config' is missing")));
        this.layers = json.objects("layers").stream().map(Descriptor::from).toList();
        this.annotations = Map.copyOf(json.stringMap("annotations"));
        this.artifactType = json.string("artifactType");
        this.subject = json.object("subject").map(Descriptor::from);
        if (layers.size() > MAX_LAYERS) {
            throw json.invalid("it has " + layers.size() + " layers, more than the " + MAX_LAYERS + " allowed");
        }
    }

    static ImageManifest from(JsonObject json, String mediaType, byte[] bytes) {
        return new ImageManifest(json, mediaType, bytes);
    }

    /** Writes a new manifest; the same arguments always give the same bytes. */
    public static ImageManifest create(Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("schemaVersion", 2);
        json.put("mediaType", MediaTypes.MANIFEST);
        json.put("config", config.toJson());
        json.put("layers", layers.stream().map(Descriptor::toJson).toList());
        if (!annotations.isEmpty()) {
            json.put("annotations", new TreeMap<>(annotations));
        }
        byte[] bytes = JsonObject.write(json);
        return from(JsonObject.parse(bytes, "a manifest", MAX_SIZE), MediaTypes.MANIFEST, bytes);
    }

    public Descriptor config() {
        return config;
    }

    /** The layers, lowest first. */
    public List<Descriptor> layers() {
        return layers;
    }

    public Map<String, String> annotations() {
        return annotations;
    }

    public Optional<String> artifactType() {
        return artifactType;
    }

    /** What this manifest is about, when it refers to another one. */
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
