package dev.slipway.oci;

import dev.slipway.base.Digest;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an image: a registry's host, a repository there, and a tag, a digest, or both (then the digest decides).
 *
 * <p>The first part of the written form is the host when it holds a dot or a colon or is {@code localhost}; else the host
 * is Docker Hub. Without tag and digest, the tag is {@code latest}.
 *
 * @param host lower-case, with a port where one was written; {@code docker.io} for Docker Hub
 * @param repository lower-case components joined by slashes
 * @see <a href="https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests">OCI
 *     distribution-spec, names</a>
 */
public record ImageReference(String host, String repository, Optional<String> tag, Optional<Digest> digest) {
    /** Docker Hub's host as people write it. */
    public static final String DOCKER_HUB = "docker.io";

    private static final int MAX_NAME = 255;
    private static final int MAX_TEXT = 1024;
    private static final Pattern COMPONENT = Pattern.compile("[a-z0-9]+(?:(?:[.]|_|__|-+)[a-z0-9]+)*+");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,127}");
    private static final Pattern HOST = Pattern.compile(
            "(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:[.][a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\\[[0-9a-f:.]+])(?::[0-9]{1,5})?");

    public ImageReference {
        if (host.length() + 1 + repository.length() > MAX_NAME) {
            throw invalid(host + "/" + repository, "host and repository are longer than " + MAX_NAME + " characters");
        }
        if (!HOST.matcher(host).matches()) {
            throw invalid(host + "/" + repository, "'" + host + "' is not a host");
        }
        if (!isRepository(repository)) {
            throw invalid(
                    host + "/" + repository,
                    "the repository must be lower-case letters and digits, separated by '.', '_', '__', '-' or '/'");
        }
        if (tag.isPresent() && !isTag(tag.get())) {
            throw invalid(host + "/" + repository + ":" + tag.get(), "the tag is not 1 to 128 of A-Z a-z 0-9 _ . -");
        }
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = Optional.of("latest");
        }
    }

    /** Parses what people write, such as {@code alpine}, {@code localhost:5000/a/b:1} or {@code host/a@sha256:…}. */
    public static ImageReference parse(String text) {
        if (text.length() > MAX_TEXT) {
            throw invalid(text.substring(0, 64) + "…", "it is longer than " + MAX_TEXT + " characters");
        }
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Optional.of(Digest.parse(rest.substring(at + 1)));
            rest = rest.substring(0, at);
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        int slash = rest.indexOf('/');
        if (slash >= 0 && isHost(rest.substring(0, slash))) {
            String host = rest.substring(0, slash).toLowerCase(Locale.ROOT);
            if (!isHost(host)) {
                // Written out in lower case it would be read as a part of the repository, at Docker Hub.
                throw invalid(text, "'" + rest.substring(0, slash) + "' is no host: it needs a dot or a port");
            }
            return of(host, rest.substring(slash + 1), tag, digest);
        }
        if (rest.isEmpty()) {
            throw invalid(text, "it names no repository");
        }
        return of(DOCKER_HUB, rest, tag, digest);
    }

    private static ImageReference of(String host, String repository, Optional<String> tag, Optional<Digest> digest) {
        boolean hub = host.equals(DOCKER_HUB) || host.equals("index.docker.io");
        if (!hub) {
            return new ImageReference(host, repository, tag, digest);
        }
        return new ImageReference(
                DOCKER_HUB, repository.contains("/") ? repository : "library/" + repository, tag, digest);
    }

    private static boolean isHost(String part) {
        return part.contains(".")
                || part.contains(":")
                || part.equalsIgnoreCase("localhost")
                || !part.toLowerCase(Locale.ROOT).equals(part);
    }

    /** Whether the text is a legal repository: path components without a host. */
    public static boolean isRepository(String text) {
        if (text.length() > MAX_NAME) {
            return false;
        }
        for (String component : text.split("/", -1)) {
            if (!COMPONENT.matcher(component).matches()) {
                return false;
            }
        }
        return true;
    }

    public static boolean isTag(String text) {
        return TAG.matcher(text).matches();
    }

    /** The host that answers for {@link #host}: another one for Docker Hub only. */
    public String apiHost() {
        return host.equals(DOCKER_HUB) ? "registry-1.docker.io" : host;
    }

    /** Whether the host is this machine, where registries speak plain HTTP. */
    public boolean loopback() {
        String name = host.startsWith("[") ? host.substring(0, host.indexOf(']') + 1) : host.replaceFirst(":.*", "");
        return name.equals("localhost") || name.matches("127(?:[.][0-9]{1,3}){3}") || name.equals("[::1]");
    }

    /** What the registry is asked for: the digest when there is one, else the tag. */
    public String target() {
        return digest.map(Digest::toString).or(() -> tag).orElseThrow();
    }

    public ImageReference withDigest(Digest newDigest) {
        return new ImageReference(host, repository, tag, Optional.of(newDigest));
    }

    /** The whole name, the host always written out. */
    @Override
    public String toString() {
        return host + "/" + repository + tag.map(value -> ":" + value).orElse("")
                + digest.map(value -> "@" + value).orElse("");
    }

    private static OciException invalid(String text, String why) {
        return OciException.invalid(
                "oci.invalid-reference", "Image reference '" + text + "' is malformed: " + why + ".");
    }
}
