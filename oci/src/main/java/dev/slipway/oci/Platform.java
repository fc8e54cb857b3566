package dev.slipway.oci;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What an image runs on, in the words of Go's {@code GOOS} and {@code GOARCH}.
 *
 * @param variant the CPU's variant, such as {@code v8}; empty for the architecture's usual one
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/image-index.md">OCI image-spec, image index</a>
 */
public record Platform(String os, String architecture, Optional<String> variant) {
    /** An image for any Linux on the given architecture. */
    public static Platform linux(String architecture) {
        return new Platform("linux", architecture, Optional.empty());
    }

    /** Linux on the architecture of this host: images are made for Linux whatever the host runs. */
    public static Platform host() {
        String name = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return linux(
                switch (name) {
                    case "x86_64", "amd64" -> "amd64";
                    case "aarch64", "arm64" -> "arm64";
                    case "i386", "i686", "x86" -> "386";
                    default -> name;
                });
    }

    /** Parses {@code os/architecture} or {@code os/architecture/variant}. */
    public static Platform parse(String text) {
        String[] parts = text.split("/", -1);
        boolean blank = false;
        for (String part : parts) {
            blank |= part.isBlank();
        }
        if (blank || parts.length < 2 || parts.length > 3) {
            throw OciException.invalid(
                    "oci.invalid-platform",
                    "Platform '" + text + "' is malformed: expected os/architecture or os/architecture/variant.");
        }
        return new Platform(parts[0], parts[1], parts.length == 3 ? Optional.of(parts[2]) : Optional.empty());
    }

    /**
     * How well an image made for {@code offered} suits this platform: 0 is exact, more is worse, negative is not at all.
     * A lower variant of the same architecture runs on a higher one.
     */
    public int distance(Platform offered) {
        if (!os.equals(offered.os) || !architecture.equals(offered.architecture)) {
            return -1;
        }
        return level(this) - level(offered);
    }

    private static int level(Platform platform) {
        String usual = switch (platform.architecture) {
            case "arm64" -> "v8";
            case "arm" -> "v7";
            default -> "v1";
        };
        String variant = platform.variant.orElse(usual);
        try {
            return Integer.parseInt(variant.startsWith("v") ? variant.substring(1) : variant);
        } catch (NumberFormatException _) {
            // A variant we cannot rank is one that no host of ours has.
            return Integer.MAX_VALUE;
        }
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("architecture", architecture);
        json.put("os", os);
        variant.ifPresent(value -> json.put("variant", value));
        return json;
    }

    @Override
    public String toString() {
        return os + "/" + architecture + variant.map(value -> "/" + value).orElse("");
    }
}
