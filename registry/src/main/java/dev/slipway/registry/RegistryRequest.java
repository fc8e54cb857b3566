package dev.slipway.registry;

import dev.slipway.base.CodedException;
import dev.slipway.base.Digest;
import dev.slipway.oci.ImageReference;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a path below {@code /v2/} asks for. Paths are read from the right, for a repository may have any name. */
sealed interface RegistryRequest {
    record Ping() implements RegistryRequest {}

    record Manifest(String repository, String target) implements RegistryRequest {}

    record Blob(String repository, Digest digest) implements RegistryRequest {}

    record Tags(String repository) implements RegistryRequest {}

    record Referrers(String repository, Digest digest) implements RegistryRequest {}

    /** Where uploads begin. */
    record Uploads(String repository) implements RegistryRequest {}

    record Upload(String repository, String id) implements RegistryRequest {}

    /** The repository that is meant; empty for the ping. */
    default Optional<String> repositoryName() {
        return switch (this) {
            case Ping _ -> Optional.empty();
            case Manifest manifest -> Optional.of(manifest.repository());
            case Blob blob -> Optional.of(blob.repository());
            case Tags tags -> Optional.of(tags.repository());
            case Referrers referrers -> Optional.of(referrers.repository());
            case Uploads uploads -> Optional.of(uploads.repository());
            case Upload upload -> Optional.of(upload.repository());
        };
    }

    /** Reads a path as it came, percent-encoded. */
    static RegistryRequest parse(String encodedPath) {
        String path = encodedPath;
        if (encodedPath.indexOf('%') >= 0) {
            try {
                path = URLDecoder.decode(encodedPath.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException _) {
                throw RegistryException.badRequest("NAME_INVALID", "The path is malformed.");
            }
        }
        if (path.equals("/v2") || path.equals("/v2/")) {
            return new Ping();
        }
        if (!path.startsWith("/v2/")) {
            throw RegistryException.unknown("NAME_UNKNOWN", "There is no registry at this path.");
        }
        return parse(List.of(path.substring(4).split("/", -1)));
    }

    private static RegistryRequest parse(List<String> parts) {
        int size = parts.size();
        String last = parts.getLast();
        String before = size > 1 ? parts.get(size - 2) : "";
        if (size > 3 && before.equals("uploads") && parts.get(size - 3).equals("blobs")) {
            return last.isEmpty() ? new Uploads(repository(parts, 3)) : new Upload(repository(parts, 3), last);
        }
        if (size > 4
                && last.isEmpty()
                && parts.get(size - 3).equals("uploads")
                && parts.get(size - 4).equals("blobs")) {
            return new Upload(repository(parts, 4), before);
        }
        if (size > 2 && last.equals("uploads") && before.equals("blobs")) {
            return new Uploads(repository(parts, 2));
        }
        if (size > 2 && last.equals("list") && before.equals("tags")) {
            return new Tags(repository(parts, 2));
        }
        return switch (before) {
            case "manifests" -> new Manifest(repository(parts, 2), target(last));
            case "blobs" -> new Blob(repository(parts, 2), digest(last));
            case "referrers" -> new Referrers(repository(parts, 2), digest(last));
            default -> throw RegistryException.unknown("NAME_UNKNOWN", "The registry has nothing at this path.");
        };
    }

    private static String repository(List<String> parts, int without) {
        String name = String.join("/", parts.subList(0, parts.size() - without));
        if (!Repository.isName(name)) {
            throw RegistryException.badRequest("NAME_INVALID", "The repository's name is malformed.");
        }
        return name;
    }

    private static String target(String text) {
        if (text.contains(":")) {
            return digest(text).toString();
        }
        if (!ImageReference.isTag(text)) {
            throw RegistryException.badRequest("MANIFEST_INVALID", "The tag is malformed.");
        }
        return text;
    }

    /** Reads a digest out of a path or a parameter. */
    static Digest digest(String text) {
        try {
            return Digest.parse(text);
        } catch (CodedException e) {
            throw RegistryException.badRequest("DIGEST_INVALID", e.getMessage());
        }
    }
}
