package dev.slipway.oci;

import dev.slipway.base.Digest;
import dev.slipway.oci.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Names a piece of content: what it is, which bytes, and how many.
 *
 * @param size in bytes, never negative
 * @param urls where else the content may be fetched; usually empty
 * @param platform for the entries of an index
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md">OCI image-spec, descriptor</a>
 */
public record Descriptor(
        String mediaType,
        Digest digest,
        long size,
        List<String> urls,
        Map<String, String> annotations,
        Optional<Platform> platform) {
    public Descriptor {
        if (size < 0) {
            throw OciException.invalid(
                    "oci.invalid-descriptor", "The descriptor of " + digest + " has the negative size " + size + ".");
        }
        urls = List.copyOf(urls);
        annotations = Map.copyOf(annotations);
    }

    /** A descriptor without urls, annotations or platform. */
    public static Descriptor of(String mediaType, Digest digest, long size) {
        return new Descriptor(mediaType, digest, size, List.of(), Map.of(), Optional.empty());
    }

    /** Describes bytes at hand, by their sha256. */
    public static Descriptor of(String mediaType, byte[] bytes) {
        return of(mediaType, Digest.sha256(bytes), bytes.length);
    }

    public Descriptor withAnnotations(Map<String, String> newAnnotations) {
        return new Descriptor(mediaType, digest, size, urls, newAnnotations, platform);
    }

    public Descriptor withPlatform(Platform newPlatform) {
        return new Descriptor(mediaType, digest, size, urls, annotations, Optional.of(newPlatform));
    }

    /** Reads a descriptor object. */
    public static Descriptor from(JsonObject json) {
        long size = json.number("size").orElseThrow(() -> json.invalid("a descriptor has no size"));
        if (size < 0) {
            throw json.invalid("a descriptor has the negative size " + size);
        }
        Optional<Platform> platform = json.object("platform")
                .map(object -> new Platform(
                        object.string("os").orElse(""),
                        object.string("architecture").orElse(""),
                        object.string("variant").filter(text -> !text.isEmpty())));
        return new Descriptor(
                json.requireString("mediaType"),
                Digest.parse(json.requireString("digest")),
                size,
                json.strings("urls"),
                json.stringMap("annotations"),
                platform);
    }

    /** The object form, with keys in a fixed order. */
    public Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("mediaType", mediaType);
        json.put("digest", digest.toString());
        json.put("size", size);
        if (!urls.isEmpty()) {
            json.put("urls", urls);
        }
        if (!annotations.isEmpty()) {
            json.put("annotations", new TreeMap<>(annotations));
        }
        platform.ifPresent(value -> json.put("platform", value.toJson()));
        return json;
    }
}
