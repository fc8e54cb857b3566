package dev.slipway.oci;

import java.util.Map;
import java.util.Set;

/**
 * Media types of manifests, indexes, configs and layers, in OCI's and in Docker's spelling.
 *
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/media-types.md">OCI image-spec, media types</a>
 */
public final class MediaTypes {
    public static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
    public static final String INDEX = "application/vnd.oci.image.index.v1+json";
    public static final String CONFIG = "application/vnd.oci.image.config.v1+json";
    public static final String LAYER_TAR = "application/vnd.oci.image.layer.v1.tar";
    public static final String LAYER_TAR_GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
    public static final String LAYER_TAR_ZSTD = "application/vnd.oci.image.layer.v1.tar+zstd";
    public static final String DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";
    public static final String DOCKER_INDEX = "application/vnd.docker.distribution.manifest.list.v2+json";
    public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";
    public static final String DOCKER_LAYER_TAR = "application/vnd.docker.image.rootfs.diff.tar";
    public static final String DOCKER_LAYER_TAR_GZIP = "application/vnd.docker.image.rootfs.diff.tar.gzip";

    private static final Set<String> LAYERS = Set.of(
            LAYER_TAR,
            LAYER_TAR_GZIP,
            LAYER_TAR_ZSTD,
            DOCKER_LAYER_TAR,
            DOCKER_LAYER_TAR_GZIP,
            "application/vnd.docker.image.rootfs.diff.tar.zstd",
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+zstd",
            "application/vnd.docker.image.rootfs.foreign.diff.tar",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip");

    private static final Map<String, String> OCI = Map.of(
            DOCKER_MANIFEST,
            MANIFEST,
            DOCKER_INDEX,
            INDEX,
            DOCKER_CONFIG,
            CONFIG,
            DOCKER_LAYER_TAR,
            LAYER_TAR,
            DOCKER_LAYER_TAR_GZIP,
            LAYER_TAR_GZIP,
            "application/vnd.docker.image.rootfs.diff.tar.zstd",
            LAYER_TAR_ZSTD,
            "application/vnd.docker.image.rootfs.foreign.diff.tar",
            "application/vnd.oci.image.layer.nondistributable.v1.tar",
            "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
            "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip");

    private MediaTypes() {}

    /** OCI's word for what Docker has another one for; any other type is returned as it is. */
    public static String toOci(String mediaType) {
        return OCI.getOrDefault(mediaType, mediaType);
    }

    public static boolean isManifest(String mediaType) {
        return mediaType.equals(MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
    }

    public static boolean isIndex(String mediaType) {
        return mediaType.equals(INDEX) || mediaType.equals(DOCKER_INDEX);
    }

    public static boolean isImageConfig(String mediaType) {
        return mediaType.equals(CONFIG) || mediaType.equals(DOCKER_CONFIG);
    }

    /** Whether it names a tar archive of file system changes, compressed or not. */
    public static boolean isLayer(String mediaType) {
        return LAYERS.contains(mediaType);
    }
}
