package dev.slipway.registry;

import dev.slipway.base.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Manifests written by hand, as other programs write them. */
final class Documents {
    static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
    static final String EMPTY = "application/vnd.oci.empty.v1+json";

    private Documents() {}

    static String descriptor(String mediaType, Digest digest, long size) {
        return descriptor(mediaType, digest, size, "");
    }

    /** A descriptor with more fields, each with a comma before it. */
    static String descriptor(String mediaType, Digest digest, long size, String more) {
        return "{\"mediaType\":\"" + mediaType + "\",\"digest\":\"" + digest + "\",\"size\":" + size + more + "}";
    }

    /** An image manifest; {@code more} are fields with a comma before each. */
    static byte[] manifest(String config, List<String> layers, String more) {
        return bytes("{\"schemaVersion\":2,\"mediaType\":\"" + RawClient.MANIFEST + "\",\"config\":" + config
                + ",\"layers\":[" + String.join(",", layers) + "]" + more + "}");
    }

    static byte[] index(List<String> manifests, String more) {
        return bytes("{\"schemaVersion\":2,\"mediaType\":\"" + RawClient.INDEX + "\",\"manifests\":["
                + String.join(",", manifests) + "]" + more + "}");
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
